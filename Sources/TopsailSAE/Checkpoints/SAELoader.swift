import Foundation

/// Opens an SAE checkpoint of any layout that is known.
public enum SAELoader {
    /// - Parameters:
    ///   - path: The file of the weights, their configuration or folder, or a folder above that with one SAE in it.
    ///   - name: What to call it; the folder's name unless given.
    ///   - format: The ecosystem, one of `formats`; found out unless given.
    ///   - options: What files cannot say: `k`, `model_index`, `norm_scaling_factor`, `layer`, `position`, `repository`.
    /// - Throws: An error that names the file and the key, tensor or option at fault.
    public static func open(
        path: String, name: String? = nil, format: String? = nil, options: [String: String] = [:]
    ) throws -> any SparseAutoencoder {
        let options = try CheckpointOptions(options, path: path)
        if EnsembleReader.recognises(path: path) {
            return try EnsembleReader.read(path: path, name: name ?? Self.name(of: path))
        }
        let file = try CheckpointLocator(path: path, options: options).locate()
        let checkpoint = try Checkpoint(file: file, path: path, name: name ?? Self.name(of: path), options: options)
        return try reader(of: checkpoint, format: format).read(checkpoint)
    }

    /// The names of all ecosystems that can be read.
    public static var formats: [String] { CheckpointReaders.all.map { $0.format } }

    /// The files that the weights are in.
    public static func weightFiles(path: String, options: [String: String] = [:]) throws -> [String] {
        if EnsembleReader.recognises(path: path) {
            return try EnsembleReader.memberPaths(path).flatMap { try weightFiles(path: $0) }
        }
        let file = try CheckpointLocator(path: path, options: CheckpointOptions(options, path: path)).locate()
        // One layer of a cross-layer transcoder keeps its decoder in a file of its own.
        let decoder = file.replacingOccurrences(of: "W_enc_", with: "W_dec_")
        return decoder != file && FileManager.default.fileExists(atPath: decoder) ? [file, decoder] : [file]
    }

    private static func reader(
        of checkpoint: Checkpoint, format: String?
    ) throws -> any CheckpointReader.Type {
        if let format {
            guard let reader = CheckpointReaders.named(format) else {
                throw SAECheckpointError(
                    checkpoint.path,
                    .badValue(
                        key: "the format", expected: "one of \(formats.joined(separator: ", "))", found: format))
            }
            return reader
        }
        guard let reader = CheckpointReaders.all.first(where: { $0.recognises(checkpoint) }) else {
            throw SAECheckpointError(checkpoint.path, .unknownLayout)
        }
        return reader
    }

    /// The folder's name, whether the folder or a file in it was named.
    private static func name(of path: String) -> String {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
        return (isThere && isFolder.boolValue ? url : url.deletingLastPathComponent()).lastPathComponent
    }
}
