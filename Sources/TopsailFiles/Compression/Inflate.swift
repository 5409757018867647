import CZlib
import Foundation

/// Streaming decompression through zlib, of bytes that lie in memory or in a mapping.
struct Inflate {
    enum Wrapping {
        /// A bare deflate stream, as in zip entries.
        case bare
        case gzip

        fileprivate var windowBits: CInt { self == .bare ? -MAX_WBITS : MAX_WBITS + 16 }
    }

    let wrapping: Wrapping
    /// Where the bytes come from, for errors.
    let path: String
    let place: String

    private static let pieceSize = 1 << 18

    /// Decompresses one stream and hands its content over in pieces.
    ///
    /// - Parameters:
    ///   - input: Begins with the stream; may go on after it.
    ///   - receive: Gets each piece, valid during the call; throwing ends the work.
    /// - Returns: The length of the stream in `input`.
    /// - Throws: `truncated`, `corrupt`, or what `receive` throws.
    func stream(
        _ input: UnsafeRawBufferPointer, _ receive: (UnsafeRawBufferPointer) throws(FileFormatError) -> Void
    ) throws(FileFormatError) -> Int {
        // zlib remembers the address of its state, so that must not move.
        let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        state.initialize(to: z_stream())
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 64)
        defer {
            piece.deallocate()
            state.deallocate()
        }
        guard inflateInit2_(state, wrapping.windowBits, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw error(.unreadable(errno: ENOMEM))
        }
        defer { inflateEnd(state) }
        var consumed = 0
        while true {
            let window = UnsafeRawBufferPointer(rebasing: input[consumed...].prefix(Int(CInt.max)))
            state.pointee.next_in = UnsafeMutablePointer(
                mutating: window.baseAddress?.assumingMemoryBound(to: Bytef.self))
            state.pointee.avail_in = uInt(window.count)
            state.pointee.next_out = piece.baseAddress?.assumingMemoryBound(to: Bytef.self)
            state.pointee.avail_out = uInt(piece.count)
            let status = inflate(state, Z_NO_FLUSH)
            consumed += window.count - Int(state.pointee.avail_in)
            let produced = piece.count - Int(state.pointee.avail_out)
            if produced > 0 { try receive(UnsafeRawBufferPointer(rebasing: piece[..<produced])) }
            switch status {
            case Z_STREAM_END: return consumed
            case Z_OK where produced > 0 || consumed < input.count: continue
            case Z_OK, Z_BUF_ERROR: throw error(.truncated(needed: input.count + 1, available: input.count))
            case Z_MEM_ERROR: throw error(.unreadable(errno: ENOMEM))
            default: throw error(.corrupt("the compressed bytes make no sense"))
            }
        }
    }

    private func error(_ reason: FileFormatError.Reason) -> FileFormatError {
        FileFormatError(path: path, place: place, reason: reason)
    }
}
