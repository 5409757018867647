import Foundation
import TopsailCore

/// A folder that is written beside its place and renamed.
enum ExportFolder {
    /// Has a folder filled and gives it its name. What was there is set aside until then.
    static func write(to path: String, _ fill: (_ folder: String) throws -> Void) throws {
        let partial = path + ".partial-\(UUID().uuidString)"
        let manager = FileManager.default
        do {
            try manager.createDirectory(atPath: partial, withIntermediateDirectories: true)
            try fill(partial)
            try put(partial, at: path)
        } catch {
            try? manager.removeItem(atPath: partial)
            throw error is any UserFacingError || error is CancellationError
                ? error : InterchangeError(path: path, problem: "the folder cannot be written")
        }
    }

    private static func put(_ new: String, at path: String) throws {
        let manager = FileManager.default
        guard manager.fileExists(atPath: path) else { return try manager.moveItem(atPath: new, toPath: path) }
        let old = path + ".replaced-\(UUID().uuidString)"
        try manager.moveItem(atPath: path, toPath: old)
        do {
            try manager.moveItem(atPath: new, toPath: path)
        } catch {
            try? manager.moveItem(atPath: old, toPath: path)
            throw error
        }
        try? manager.removeItem(atPath: old)
    }
}
