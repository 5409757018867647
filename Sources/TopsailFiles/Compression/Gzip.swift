import CZlib
import Foundation

/// gzip (RFC 1952) of data in memory.
public enum Gzip {
    /// Compresses at zlib's usual level. Equal input gives equal output: no time or name is stored.
    public static func compress(_ data: Data) throws(FileFormatError) -> Data {
        let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        state.initialize(to: z_stream())
        defer { state.deallocate() }
        let ready = deflateInit2_(
            state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            CInt(MemoryLayout<z_stream>.size))
        guard ready == Z_OK else { throw FileFormatError(path: "gzip data", reason: .unwritable(errno: ENOMEM)) }
        defer { deflateEnd(state) }
        var output = Data()
        var piece = Data(count: 1 << 18)
        var consumed = 0
        var status = Z_OK
        while status != Z_STREAM_END {
            let window = data.dropFirst(consumed).prefix(Int(CInt.max))
            let isLast = consumed + window.count == data.count
            let produced = window.withUnsafeBytes { input in
                piece.withUnsafeMutableBytes { output in
                    let start = input.baseAddress?.assumingMemoryBound(to: Bytef.self)
                    state.pointee.next_in = UnsafeMutablePointer(mutating: start)
                    state.pointee.avail_in = uInt(input.count)
                    state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
                    state.pointee.avail_out = uInt(output.count)
                    status = deflate(state, isLast ? Z_FINISH : Z_NO_FLUSH)
                    return output.count - Int(state.pointee.avail_out)
                }
            }
            consumed += window.count - Int(state.pointee.avail_in)
            output.append(piece.prefix(produced))
        }
        return output
    }

    /// Decompresses all members of a gzip file.
    ///
    /// - Parameters:
    ///   - limit: Most bytes to give; a small file can claim to hold gigabytes.
    ///   - name: Where the data come from, for errors.
    /// - Throws: `notThisFormat`, `truncated`, `corrupt`, or `outOfRange` when there is more than `limit`.
    public static func decompress(
        _ data: Data, limit: Int, name: String = "gzip data"
    ) throws(FileFormatError) -> Data {
        try data.withUnsafeBytes { bytes in
            Result { () throws(FileFormatError) in try decompress(bytes, limit: limit, name: name) }
        }.get()
    }

    /// Decompresses all members of a gzip file in pieces.
    ///
    /// - Parameters:
    ///   - name: Where the data come from, for errors.
    ///   - receive: Gets each piece, valid during the call; what it throws ends the work and goes through as it is.
    /// - Throws: `notThisFormat`, `truncated`, `corrupt`, or what `receive` throws.
    public static func stream(
        _ bytes: UnsafeRawBufferPointer, name: String = "gzip data",
        _ receive: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        guard bytes.starts(with: magic) else {
            throw FileFormatError(path: name, reason: .notThisFormat(expected: "gzip data", found: nil))
        }
        let member = Inflate(wrapping: .gzip, path: name, place: "")
        var position = 0
        var failure: (any Error)?
        while position < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            do {
                position += try member.stream(rest) { (piece) throws(FileFormatError) in
                    do { try receive(piece) } catch {
                        failure = error
                        throw FileFormatError(path: name, reason: .corrupt("the receiver stopped"))
                    }
                }
            } catch {
                throw failure ?? error
            }
        }
    }

    private static func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int, name: String
    ) throws(FileFormatError) -> Data {
        var output = Data()
        do {
            try stream(bytes, name: name) { piece in
                guard piece.count <= limit - output.count else {
                    throw FileFormatError(path: name, reason: .outOfRange("it holds more than \(limit) bytes"))
                }
                output.append(contentsOf: piece)
            }
        } catch let error as FileFormatError {
            throw error
        } catch {
            throw FileFormatError(path: name, reason: .corrupt(String(describing: error)))
        }
        return output
    }

    private static let magic: [UInt8] = [0x1F, 0x8B]
}
