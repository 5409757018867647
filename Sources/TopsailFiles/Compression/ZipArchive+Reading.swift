import Foundation

extension ZipArchive {
    /// The first bytes of an entry, or all of a shorter one. Neither size nor checksum are verified.
    func start(of entry: ZipEntry, count: Int) throws(FileFormatError) -> [UInt8] {
        if let stored = storedBytes(of: entry) { return [UInt8](stored.prefix(count)) }
        var start: [UInt8] = []
        do {
            try stream(entry) { (piece) throws(FileFormatError) in
                start.append(contentsOf: piece.prefix(count - start.count))
                // Nothing more is wanted; the error ends the work.
                if start.count == count { throw FileFormatError(path: path, reason: .corrupt("")) }
            }
        } catch {
            guard start.count == count else { throw error }
        }
        return start
    }

    /// Fills memory with the content of an entry, verified.
    ///
    /// - Precondition: There is room for exactly the entry's size.
    func read(_ entry: ZipEntry, into bytes: UnsafeMutableRawBufferPointer) throws(FileFormatError) {
        precondition(bytes.count == entry.size, "\(bytes.count) bytes for an entry of \(entry.size)")
        var position = 0
        try stream(entry) { piece in
            UnsafeMutableRawBufferPointer(rebasing: bytes[position...]).copyMemory(from: piece)
            position += piece.count
        }
    }
}
