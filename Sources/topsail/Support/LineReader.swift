import Foundation

/// The lines of a file or of standard input, one at a time.
final class LineReader {
    private var lines: ArraySlice<Data>?

    /// - Parameter path: `nil` reads standard input as it comes.
    init(_ path: String?) throws {
        lines = try path.map {
            try InputText.data($0).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        }
    }

    /// The next line without its end; blank ones are empty. `nil` when there are no more.
    func next() -> Data? {
        let line = lines == nil ? readLine(strippingNewline: true).map { Data($0.utf8) } : lines?.popFirst()
        return line.map { line in line.contains { $0 > 0x20 } ? line : Data() }
    }
}
