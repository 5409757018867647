import Foundation

/// Opens an SAE checkpoint of any layout that is known.
public enum SAELoader {
    /// - Parameters:
    ///   - path: A checkpoint folder, or one of the files in it.
    ///   - name: What to call it; the folder's name unless given.
    ///   - options: What files cannot say, e.g. `norm_scaling_factor`.
    /// - Throws: An error that names the file and the key or tensor at fault.
    public static func open(
        path: String, name: String? = nil, options: [String: String] = [:]
    ) throws -> any SparseAutoencoder {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw SAECheckpointError(path, .unreadable("it does not exist"))
        }
        let folder = isFolder.boolValue ? path : URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard SAELensReader.recognises(folder: folder) else { throw SAECheckpointError(path, .unknownLayout) }
        return try SAELensReader.read(
            folder: folder, name: name ?? URL(fileURLWithPath: folder).lastPathComponent,
            inputScale: try number("norm_scaling_factor", in: options, path: path))
    }

    private static func number(_ key: String, in options: [String: String], path: String) throws -> Float? {
        guard let text = options[key] else { return nil }
        guard let value = Float(text), value > 0, value.isFinite else {
            throw SAECheckpointError(path, .badValue(key: "option \(key)", expected: "a number above 0", found: text))
        }
        return value
    }
}
