import Foundation
import TopsailCore
import TopsailFiles
import TopsailTensor

/// One checkpoint as its files are found, before it is known what they mean.
struct Checkpoint {
    /// The file of the weights.
    let file: String
    /// What was named, for errors about the whole.
    let path: String
    let name: String
    let tensors: CheckpointTensors
    let options: CheckpointOptions
    /// The JSON configuration that lies beside the weights; `nil` when there is none.
    let configuration: ConfigurationFile?

    /// - Throws: What the weights' format throws, and for a configuration that is no JSON.
    init(file: String, path: String, name: String, options: CheckpointOptions) throws {
        self.file = file
        self.path = path
        self.name = name
        self.options = options
        tensors = CheckpointTensors(try ArchiveReader.open(file))
        configuration = try Self.configuration(of: file)
    }

    var folder: String { (file as NSString).deletingLastPathComponent }

    /// The configuration, which must be there.
    func requireConfiguration() throws -> ConfigurationFile {
        guard let configuration else {
            throw SAECheckpointError(path, .unreadable("there is no configuration beside the weights"))
        }
        return configuration
    }

    /// A file beside the weights, or beside the folder `checkpoints` that they lie in.
    func sibling(_ names: String...) -> String? {
        for folder in Self.folders(of: file) {
            for name in names where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
                return "\(folder)/\(name)"
            }
        }
        return nil
    }

    private static func folders(of file: String) -> [String] {
        let folder = (file as NSString).deletingLastPathComponent
        let own = folder.isEmpty ? "." : folder
        guard (own as NSString).lastPathComponent == "checkpoints" else { return [own] }
        return [own, (own as NSString).deletingLastPathComponent]
    }

    private static func configuration(of file: String) throws -> ConfigurationFile? {
        let stem = ((file as NSString).lastPathComponent as NSString).deletingPathExtension
        let known = ["\(stem)_cfg.json", "\(stem).json", "cfg.json", "hyperparams.json", "config.json"]
        for folder in folders(of: file) {
            for name in known where FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
                return try ConfigurationFile(path: "\(folder)/\(name)")
            }
        }
        // A configuration by another name, when it is the only one.
        let folder = folders(of: file)[0]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let found = names.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
        guard found.count == 1 else { return nil }
        return try? ConfigurationFile(path: "\(folder)/\(found[0])")
    }

    /// The layer: said by the caller, else by the path.
    var layer: Int? { options.layer ?? PathNumbers.layer(in: absolutePath) }

    /// Names of repositories stand in the folders that a checkpoint lies in.
    var absolutePath: String { URL(fileURLWithPath: file).standardizedFileURL.path }

    /// The repository's name if it was said, else the path that may hold it.
    var origin: String { options.repository ?? absolutePath }
}

extension Checkpoint {
    /// Fills in what every SAE says about itself.
    ///
    /// - Parameters:
    ///   - hookName: In the ecosystem's words.
    ///   - hook: Where the words alone do not say it.
    func info(
        _ format: String, _ architecture: SAEInfo.Architecture, dIn: Int, dOut: Int, dSAE: Int, dtype: DType,
        hookName: String? = nil, hook: HookPoint? = nil, model: String? = nil,
        parameters: [String: ConfigurationValue] = [:]
    ) -> SAEInfo {
        var hook = hook ?? hookName.flatMap { HookNames.hook($0, model: model) }
        let layer = options.layer ?? hook?.layer ?? hookName.flatMap(HookNames.layer) ?? layer
        if let chosen = options.layer, hook != nil { hook?.layer = chosen }
        var info = SAEInfo(
            name: name, format: format, architecture: architecture, hook: hook, model: model, dIn: dIn, dOut: dOut,
            dSAE: dSAE, dtype: dtype, parameters: parameters)
        info.layer = layer
        info.hookName = hookName
        return info
    }
}
