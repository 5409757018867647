import CKernels
import Foundation
import Testing
import TopsailCore
import TopsailTensor

/// Stored rows with random bits, whose scales are small finite halves.
private struct StoredRows: Sendable {
    let matrix: StoredMatrix
    /// The stored values in fp32.
    let wide: [Float]

    init(
        _ type: DType, outputs: Int, inputs: Int, order: StoredMatrix.Order = .outputsFirst,
        groups: (size: Int, stride: Int)? = nil, scale: StoredScale = .none
    ) {
        var random = SeededGenerator(seed: UInt64(outputs + inputs))
        let rowBytes = type.byteCount(elements: order == .outputsFirst ? inputs : outputs)!
        let storedRows =
            order == .inputsFirst ? inputs : groups.map { (outputs + $0.size - 1) / $0.size * $0.stride } ?? outputs
        var bytes = (0..<storedRows * rowBytes).map { _ in UInt8.random(in: 0...255, using: &random) }
        let places = Self.places(ofHalves: type)
        for block in stride(from: 0, to: bytes.count, by: type.bytesPerBlock) {
            for place in places {
                // The exponent of 1/64 … 1/8 or so.
                bytes[block + place + 1] = 0x24 | bytes[block + place + 1] & 0x83
            }
            if type == .f32 { bytes[block + 3] = 0x3E | bytes[block + 3] & 0x80 }
            if type == .f8e4m3 { bytes[block] &= 0xBF }
            if type == .bf16 { bytes[block + 1] = 0x3E | bytes[block + 1] & 0x80 }
        }
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes.count + 64, alignment: 64)
        memory.copyMemory(from: bytes, byteCount: bytes.count)
        matrix = StoredMatrix(
            outputs: outputs, inputs: inputs, type: type, order: order, scale: scale, base: memory, rowBytes: rowBytes,
            groups: groups,
            owner: Memory(address: memory))
        var wide = [Float](repeating: 0, count: outputs * inputs)
        for row in 0..<outputs {
            wide.withUnsafeMutableBufferPointer { [matrix] in
                matrix.widenRow(row, into: $0.baseAddress! + row * inputs)
            }
        }
        self.wide = wide
    }

    /// Where a block keeps its fp16 scales.
    private static func places(ofHalves type: DType) -> [Int] {
        switch type {
        case .f16, .q4_0, .q5_0, .q8_0, .iq4_nl, .iq4_xs: [0]
        case .q4_1, .q5_1, .q4_K, .q5_K: [0, 2]
        case .q2_K: [80, 82]
        case .q3_K: [108]
        case .q6_K: [208]
        default: []
        }
    }

    final class Memory: @unchecked Sendable {
        let address: UnsafeMutableRawPointer
        init(address: UnsafeMutableRawPointer) { self.address = address }
        deinit { address.deallocate() }
    }
}

@Suite("Products with stored weights") struct ProductTests {
    static let types: [DType] = [
        .f32, .f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq4_nl, .iq4_xs,
        .f8e4m3,
    ]

    private static func activations(_ count: Int) -> [Float] {
        var random = SeededGenerator(seed: 11)
        // A few channels stand out, as in a residual stream.
        return (0..<count).map { Float(random.nextUnit() * 2 - 1) * ($0 % 97 == 5 ? 40 : 1) }
    }

    /// Largest difference from products in double precision, in units of the length of both factors.
    private static func worstError(
        _ stored: StoredRows, tokens: Int, rows: Range<Int>? = nil, narrowed: Bool
    ) -> Double {
        let inputs = stored.matrix.inputs, outputs = stored.matrix.outputs
        let x = activations(tokens * inputs)
        var y = [Float](repeating: .nan, count: tokens * outputs)
        let rows = rows ?? 0..<outputs
        x.withUnsafeBufferPointer { values in
            y.withUnsafeMutableBufferPointer { y in
                let plain = Activations(values.baseAddress!, tokens: tokens, inputs: inputs)
                func multiply(_ x: Activations) {
                    stored.matrix.multiply(rows: rows, x: x, y: y.baseAddress!, stride: outputs)
                }
                if narrowed { plain.withNarrowed(multiply) } else { multiply(plain) }
            }
        }
        var worst = 0.0
        for t in 0..<tokens {
            for r in 0..<outputs {
                guard rows.contains(r) else {
                    #expect(y[t * outputs + r].isNaN, "row \(r) was not asked for")
                    continue
                }
                var sum = 0.0, xx = 0.0, ww = 0.0
                for k in 0..<inputs {
                    let a = Double(x[t * inputs + k]), b = Double(stored.wide[r * inputs + k])
                    (sum, xx, ww) = (sum + a * b, xx + a * a, ww + b * b)
                }
                let error = abs(Double(y[t * outputs + r]) - sum) / (xx * ww).squareRoot()
                worst = error.isNaN ? .infinity : max(worst, error)
            }
        }
        return worst
    }

    @Test("fp32 products agree with double precision for every type and number of tokens", arguments: types)
    func exact(type: DType) {
        let stored = StoredRows(type, outputs: 37, inputs: 768)
        for tokens in [0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 25] {
            #expect(Self.worstError(stored, tokens: tokens, narrowed: false) < 2e-7, "\(tokens) tokens")
        }
    }

    @Test("integer products stay within 1e-4 of the factors' lengths", arguments: types)
    func narrowed(type: DType) {
        let stored = StoredRows(type, outputs: 37, inputs: 768)
        for tokens in [0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 25] {
            #expect(Self.worstError(stored, tokens: tokens, narrowed: true) < 1e-4, "\(tokens) tokens")
        }
    }

    @Test("widths that are no multiple of a block, or of a panel, work", arguments: [1, 7, 33, 100, 32, 64, 416, 2048])
    func widths(inputs: Int) {
        for type in [DType.f32, .f16, .f8e4m3] {
            let stored = StoredRows(type, outputs: 19, inputs: inputs)
            for tokens in [1, 4, 9] {
                #expect(Self.worstError(stored, tokens: tokens, narrowed: false) < 4e-7)
                #expect(Self.worstError(stored, tokens: tokens, narrowed: true) < 2e-4)
            }
        }
    }

    @Test("only the rows that were asked for are written", arguments: [0..<1, 3..<20, 16..<37, 5..<5])
    func someRows(rows: Range<Int>) {
        let stored = StoredRows(.q4_1, outputs: 37, inputs: 96)
        for tokens in [1, 3, 8] {
            #expect(Self.worstError(stored, tokens: tokens, rows: rows, narrowed: false) < 2e-7)
            #expect(Self.worstError(stored, tokens: tokens, rows: rows, narrowed: true) < 1e-4)
        }
    }

    @Test("grouped rows and scaled rows are found", arguments: [1, 4, 9])
    func layouts(tokens: Int) {
        let grouped = StoredRows(.f16, outputs: 40, inputs: 64, groups: (size: 8, stride: 24))
        #expect(Self.worstError(grouped, tokens: tokens, narrowed: false) < 2e-7)
        #expect(Self.worstError(grouped, tokens: tokens, narrowed: true) < 2e-4)
        let scaled = StoredRows(
            .f8e4m3, outputs: 40, inputs: 64, scale: .rows((0..<40).map { Float($0 + 1) / 8 }))
        #expect(Self.worstError(scaled, tokens: tokens, narrowed: false) < 2e-7)
        #expect(Self.worstError(scaled, tokens: tokens, narrowed: true) < 2e-4)
    }

    @Test("inputs may come first, as GPT-2 stores them", arguments: [DType.f32, .f16, .bf16])
    func inputsFirst(type: DType) {
        let stored = StoredRows(type, outputs: 96, inputs: 40, order: .inputsFirst)
        for tokens in [1, 3, 9] {
            #expect(Self.worstError(stored, tokens: tokens, rows: 8..<50, narrowed: false) < 3e-7)
        }
    }

    @Test("a NaN or an infinity among the activations reaches the result", arguments: [Float.nan, .infinity])
    func notFinite(value: Float) {
        let stored = StoredRows(.q8_0, outputs: 5, inputs: 64)
        for tokens in [1, 7] {
            var x = Self.activations(tokens * 64)
            x[40] = value
            var y = [Float](repeating: 0, count: tokens * 5)
            x.withUnsafeBufferPointer { values in
                y.withUnsafeMutableBufferPointer { y in
                    Activations(values.baseAddress!, tokens: tokens, inputs: 64).withNarrowed {
                        stored.matrix.multiply(rows: 0..<5, x: $0, y: y.baseAddress!, stride: 5)
                    }
                }
            }
            for r in 0..<5 { #expect(!y[r].isFinite) }
            for r in 5..<tokens * 5 { #expect(y[r].isFinite) }
        }
    }
}
