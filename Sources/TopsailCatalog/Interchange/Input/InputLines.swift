import Foundation

/// The lines of a text file, plain or gzip, one after the other.
enum InputLines {
    /// Longest line, in bytes.
    private static let longest = 1 << 28

    /// Calls `body` with each line that is not blank and its number, counted from 1.
    ///
    /// Errors get the file and the line.
    static func read(_ path: String, _ body: (_ line: UnsafeRawBufferPointer, _ number: Int) throws -> Void) throws {
        var number = 0
        // What came of a line whose end is in a later piece.
        var rest: [UInt8] = []
        func finish(_ line: UnsafeRawBufferPointer) throws {
            number += 1
            let line = number == 1 ? InputBytes.withoutMark(line) : line
            guard line.contains(where: { $0 > 0x20 }) else { return }
            try body(line, number)
        }
        do {
            try InputBytes.read(path) { piece in
                var piece = piece
                while let end = lineEnd(in: piece) {
                    let line = UnsafeRawBufferPointer(rebasing: piece[..<end])
                    piece = UnsafeRawBufferPointer(rebasing: piece[(end + 1)...])
                    if rest.isEmpty {
                        try finish(line)
                    } else {
                        rest.append(contentsOf: line)
                        try rest.withUnsafeBytes { try finish($0) }
                        rest.removeAll(keepingCapacity: true)
                    }
                }
                guard piece.count <= longest - rest.count else {
                    number += 1
                    throw InterchangeError(
                        path: path, place: "line \(number)", problem: "it is longer than \(longest) bytes")
                }
                rest.append(contentsOf: piece)
            }
            if !rest.isEmpty { try rest.withUnsafeBytes { try finish($0) } }
        } catch {
            throw InterchangeError.placing(error, path: path, place: "line \(number)")
        }
    }

    private static func lineEnd(in piece: UnsafeRawBufferPointer) -> Int? {
        guard let start = piece.baseAddress, let end = memchr(start, 0x0A, piece.count) else { return nil }
        return UnsafeRawPointer(end) - start
    }
}
