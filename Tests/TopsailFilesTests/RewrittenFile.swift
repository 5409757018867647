import Foundation
import Testing

/// One file whose content is replaced in place, a thousand times faster than making a new one on some file systems.
///
/// Nothing may still map it when it is rewritten: a mapping that outlives the bytes below it traps when read.
final class RewrittenFile {
    let path: String
    private let handle: FileHandle

    init(path: String) throws {
        self.path = path
        try Data().write(to: URL(fileURLWithPath: path))
        handle = try #require(FileHandle(forUpdatingAtPath: path))
    }

    func write(_ bytes: some Collection<UInt8>) throws {
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: Data(bytes))
        try handle.truncate(atOffset: UInt64(bytes.count))
    }
}
