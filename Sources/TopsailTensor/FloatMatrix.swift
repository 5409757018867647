import Foundation

/// An fp32 matrix that owns its memory: row-major `[rows, columns]`, 64-byte aligned, zeroed when made, freed with the value.
///
/// It is noncopyable, so exactly one owner decides who writes. The pointers it lends are valid while the matrix lives.
public struct FloatMatrix: ~Copyable, @unchecked Sendable {
    public let rows: Int
    public let columns: Int
    /// The whole buffer, `rows * columns` floats.
    public let pointer: UnsafeMutablePointer<Float>

    /// - Precondition: Neither size is negative and the product fits in memory.
    public init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows) x \(columns)")
        self.rows = rows
        self.columns = columns
        let bytes = Self.byteCount(rows: rows, columns: columns)
        let memory: UnsafeMutableRawPointer?
        if bytes >= Self.mappingThreshold {
            // Pages of a mapping are zero and cost nothing until touched.
            let address = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            memory = address == MAP_FAILED ? nil : address
        } else {
            memory = aligned_alloc(64, bytes)
            if let memory { memset(memory, 0, bytes) }
        }
        guard let memory else { fatalError("out of memory: \(bytes) bytes for a \(rows) x \(columns) matrix") }
        pointer = memory.bindMemory(to: Float.self, capacity: max(rows * columns, 1))
    }

    deinit {
        let bytes = Self.byteCount(rows: rows, columns: columns)
        if bytes >= Self.mappingThreshold { munmap(pointer, bytes) } else { free(pointer) }
    }

    private static var mappingThreshold: Int { 1 << 20 }

    private static func byteCount(rows: Int, columns: Int) -> Int {
        (max(rows * columns, 1) * MemoryLayout<Float>.stride + 63) / 64 * 64
    }

    public var count: Int { rows * columns }

    /// Row `index`, `columns` floats. The caller keeps writers apart.
    public func row(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
        precondition(index >= 0 && index < rows, "row \(index) of a matrix with \(rows) rows")
        return UnsafeMutableBufferPointer(start: pointer + index * columns, count: columns)
    }

    public func elements() -> [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
