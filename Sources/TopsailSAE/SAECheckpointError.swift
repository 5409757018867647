import TopsailCore

/// Why a checkpoint cannot be used.
public struct SAECheckpointError: UserFacingError, Hashable {
    public enum Reason: Sendable, Hashable {
        /// No layout that is known was found at the path.
        case unknownLayout
        /// The file is not there, cannot be read, or is not what its name says.
        case unreadable(String)
        case missingKey(String)
        case badValue(key: String, expected: String, found: String)
        case missingTensor(String)
        case wrongShape(tensor: String, expected: [Int], found: [Int])
        /// What the files cannot say and the caller did not; `example` is a value it could have.
        case missingOption(String, example: String)
        /// More SAEs than one, of which none was chosen.
        case several([String])
        /// Something this program knows of and does not do.
        case unsupported(String)
        /// A value cannot be stored in the wanted type.
        case notRepresentable(tensor: String, dtype: String)
    }

    /// The file or folder.
    public var path: String
    public var reason: Reason

    public init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    public var description: String { PrintableText.printable(text) }

    private var text: String {
        switch reason {
        case .unknownLayout: "\(path) holds no SAE in a layout that is known"
        case .unreadable(let why): "\(path) cannot be read: \(why)"
        case .missingKey(let key): "\(path) has no \(key)"
        case .badValue(let key, let expected, let found): "\(key) in \(path) should be \(expected), found \(found)"
        case .missingTensor(let name): "\(path) has no tensor named \(name)"
        case .wrongShape(let tensor, let expected, let found):
            "\(tensor) in \(path) should have shape \(expected), found \(found)"
        case .missingOption(let option, _): "\(path) does not say \(option), which is needed"
        case .several(let names):
            "\(path) holds several SAEs: \(names.prefix(8).joined(separator: ", "))\(names.count > 8 ? ", …" : "")"
        case .unsupported(let what): "\(path): \(what) is not supported"
        case .notRepresentable(let tensor, let dtype):
            "\(tensor) holds values that \(dtype) cannot represent; nothing was written to \(path)"
        }
    }

    public var hint: String? {
        switch reason {
        case .unknownLayout:
            "sae list and info read the layouts that Docs/CHECKPOINTS.md lists; --sae-format forces one"
        case .missingOption(let option, let example): "say it with --option \(option)=\(example)"
        case .several: "name the file or folder of one, or choose with --option layer=N or position=NAME"
        case .wrongShape: "do the configuration and the weights belong together?"
        case .notRepresentable: "save as float32"
        default: nil
        }
    }
}
