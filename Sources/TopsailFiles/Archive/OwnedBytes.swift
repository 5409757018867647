import Foundation

/// Bytes in memory of their own: what was inflated, or turned to this machine's byte order.
final class OwnedBytes: @unchecked Sendable {
    /// Valid while this object lives; written only before it is shared.
    let bytes: UnsafeMutableRawBufferPointer

    init(count: Int) { bytes = .allocate(byteCount: count, alignment: 64) }

    deinit { bytes.deallocate() }

    /// Turns elements of `size` bytes from big-endian to little-endian.
    func swapByteOrder(elementSize size: Int) {
        guard size > 1 else { return }
        for start in stride(from: 0, to: bytes.count - size + 1, by: size) {
            for i in 0..<size / 2 { bytes.swapAt(start + i, start + size - 1 - i) }
        }
    }
}
