import Foundation
import TopsailCore

/// Writes what is on the screen to a text file, for bug reports and papers.
package enum ScreenFile {
    /// - Parameter folder: Where `topsail-screen.txt` goes, or `-2`, `-3` … where one is there already.
    /// - Returns: The path.
    /// - Throws: `Unwritable`.
    package static func write(
        _ text: String, in folder: String = FileManager.default.currentDirectoryPath
    ) throws -> String {
        for number in 1...999 {
            let path = folder + "/topsail-screen" + (number == 1 ? "" : "-\(number)") + ".txt"
            guard !FileManager.default.fileExists(atPath: path) else { continue }
            do {
                try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
                return path
            } catch CocoaError.fileWriteFileExists {
                continue
            } catch {
                throw Unwritable(path: path)
            }
        }
        throw Unwritable(path: folder + "/topsail-screen.txt")
    }

    package struct Unwritable: UserFacingError, Hashable {
        let path: String

        package init(path: String) { self.path = path }

        package var description: String { "\(path) cannot be written" }
        package var hint: String? { "start Topsail in a folder of yours" }
    }
}
