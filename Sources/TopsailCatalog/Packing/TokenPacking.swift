import Foundation
import TopsailCore

/// Tokens of a document: one byte that says how wide they are (2 or 4 bytes), then the tokens, little-endian.
///
/// Fixed widths, so that a context can be cut out of a long document without reading the rest.
package enum TokenPacking {
    /// - Returns: `nil` when a token is negative.
    package static func pack(_ tokens: [TokenID]) -> Data? {
        guard tokens.allSatisfy({ $0 >= 0 }) else { return nil }
        var writer = ByteWriter()
        if tokens.allSatisfy({ $0 <= UInt16.max }) {
            writer.byte(2)
            for token in tokens { writer.fixed(UInt16(token)) }
        } else {
            writer.byte(4)
            for token in tokens { writer.fixed(UInt32(token)) }
        }
        return writer.data
    }

    /// Number of tokens in a blob of `byteCount` bytes that starts with `width`; `nil` for a broken one.
    package static func count(byteCount: Int, width: Int) -> Int? {
        guard width == 2 || width == 4, byteCount >= 1, (byteCount - 1) % width == 0 else { return nil }
        return (byteCount - 1) / width
    }

    /// - Returns: `nil` for a broken blob.
    package static func unpack(_ data: Data) -> [TokenID]? { unpack(data, in: nil) }

    /// The tokens at `range`; all of them for `nil`.
    ///
    /// - Returns: `nil` for a broken blob or when `range` does not lie within the document.
    package static func unpack(_ data: Data, in range: Range<Int>?) -> [TokenID]? {
        guard let width = data.first.map(Int.init), let count = count(byteCount: data.count, width: width) else {
            return nil
        }
        let range = range ?? 0..<count
        guard range.lowerBound >= 0, range.upperBound <= count else { return nil }
        return data.withUnsafeBytes { bytes in
            range.map { position in
                let offset = 1 + position * width
                return width == 2
                    ? TokenID(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
                    : TokenID(
                        bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
    }
}
