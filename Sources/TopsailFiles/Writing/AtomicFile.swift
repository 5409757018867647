import Foundation

/// Writes whole files so that a reader sees either the old content or the new.
public enum AtomicFile {
    /// - Throws: `unwritable`; the old file, if any, is then unchanged.
    public static func write(_ data: Data, to path: String) throws(FileFormatError) {
        let file = try PendingFile(path: path)
        try file.append(data)
        try file.commit()
    }

    /// Writes a text as UTF-8.
    public static func write(_ text: String, to path: String) throws(FileFormatError) {
        try write(Data(text.utf8), to: path)
    }
}
