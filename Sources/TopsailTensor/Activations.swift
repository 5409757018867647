import CKernels

/// Rows of activations that stored weights are multiplied with: `[tokens, inputs]` in fp32, and as integers where the caller
/// wants the faster products.
public struct Activations: @unchecked Sendable {
    public let values: UnsafePointer<Float>
    public let tokens: Int
    public let inputs: Int
    /// 15-bit integers with one scale for 32 of them; `nil` for products in fp32.
    let narrowed: tsk_narrowed?

    /// Activations for products in fp32.
    public init(_ values: UnsafePointer<Float>, tokens: Int, inputs: Int) {
        self.init(values, tokens: tokens, inputs: inputs, narrowed: nil)
    }

    private init(_ values: UnsafePointer<Float>, tokens: Int, inputs: Int, narrowed: tsk_narrowed?) {
        self.values = values
        self.tokens = tokens
        self.inputs = inputs
        self.narrowed = narrowed
    }

    /// Whether this CPU has the kernels that make narrowed products faster than fp32.
    public static let canNarrow = tsk_products_available() != 0

    /// Lends the same rows with their integers beside them; unchanged where the CPU or the width does not allow it.
    ///
    /// A value is within 1/32,766 of the largest of its 32 neighbours; products and sums of 32 are exact from there.
    public func withNarrowed<Result>(_ body: (Activations) throws -> Result) rethrows -> Result {
        let block = TSK_BLOCK
        guard Self.canNarrow, inputs % block == 0 else { return try body(self) }
        let across = inputs / block
        return try ScratchMemory.withBuffer(of: Int16.self, count: tokens * inputs) { integers in
            try ScratchMemory.withBuffer(of: Float.self, count: 2 * tokens * across) { scales in
                nonisolated(unsafe) let x = values
                nonisolated(unsafe) let q = integers
                nonisolated(unsafe) let s = scales
                let sums = tokens * across
                Parallel.forRanges(count: tokens, minimum: 32) { rows in
                    let first = rows.lowerBound
                    tsk_narrow(
                        x + first * inputs, rows.count * inputs, q + first * inputs, s + first * across,
                        s + sums + first * across)
                }
                let narrowed = tsk_narrowed(q: q, scales: s, sums: s + sums)
                return try body(Activations(values, tokens: tokens, inputs: inputs, narrowed: narrowed))
            }
        }
    }
}
