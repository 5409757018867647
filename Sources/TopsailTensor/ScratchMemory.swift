import Foundation
import Synchronization

/// Working memory lent for the length of a call and kept for the next one.
///
/// Hot loops need buffers of some hundred kilobytes many thousand times a second. The system's allocator gives such blocks
/// back to the kernel each time, and faulting the pages in again costs more than the work; this keeps them.
public enum ScratchMemory {
    private static let shelves = Mutex<[Int: [Block]]>([:])

    /// Lends room for `count` elements, 64-byte aligned, with whatever it last held.
    ///
    /// Blocks are sized in powers of two; at most as many are kept as were ever in use at once.
    public static func withBuffer<Element: BitwiseCopyable, Result>(
        of type: Element.Type, count: Int, _ body: (UnsafeMutablePointer<Element>) throws -> Result
    ) rethrows -> Result {
        let bytes = max(count * MemoryLayout<Element>.stride, 4096)
        let size = 1 << (Int.bitWidth - (bytes - 1).leadingZeroBitCount)
        let block = shelves.withLock { $0[size]?.popLast() } ?? Block(size: size)
        defer { shelves.withLock { $0[size, default: []].append(block) } }
        return try body(block.address.bindMemory(to: Element.self, capacity: count))
    }
}

/// Owned by exactly one borrower at a time.
private struct Block: @unchecked Sendable {
    let address: UnsafeMutableRawPointer

    init(size: Int) {
        guard let address = aligned_alloc(64, size) else { fatalError("out of memory: \(size) bytes of scratch") }
        self.address = address
    }
}
