import CKernels
import Foundation
import Testing
import TopsailCore
import TopsailTensor

/// Both tails, the neighbourhood of zero, and the points where one formula hands over to the next.
private let line =
    (0..<4001).map { Float($0) * 0.01 - 20 }
    + [-100, -88, -1.4142135, -0.6, 0, 1e-30, -1e-8, 1e-4, 0.59999, 0.6, 1.4142135, 1.4142137, 88, 100, 1e4, -1e4]

@Suite("Activation functions") struct ActivationTests {
    /// A kernel, and its definition in double precision.
    struct Case: CustomTestStringConvertible, @unchecked Sendable {
        var testDescription: String
        var kernel: (UnsafeMutablePointer<Float>?, UnsafePointer<Float>?, Int) -> Void
        var definition: (Double) -> Double
    }

    static let cases = [
        Case(testDescription: "SiLU", kernel: tsk_silu_multiply) { $0 / (1 + exp(-$0)) },
        Case(testDescription: "GELU by tanh", kernel: tsk_gelu_tanh_multiply) {
            0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)))
        },
        Case(testDescription: "GELU by erf", kernel: tsk_gelu_erf_multiply) { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) },
        Case(testDescription: "ReLU", kernel: { x, _, n in tsk_relu(x, n) }) { max($0, 0) },
        Case(testDescription: "soft cap", kernel: { x, _, n in tsk_softcap(x, 30, n) }) { 30 * tanh($0 / 30) },
    ]

    @Test("functions agree with double precision over their whole range", arguments: cases)
    func values(of one: Case) {
        var y = line
        one.kernel(&y, nil, y.count)
        for (x, y) in zip(line, y) {
            let expected = one.definition(Double(x))
            #expect(abs(Double(y) - expected) <= 3e-7 * max(1, abs(Double(x))), "at \(x)")
        }
    }

    @Test("gated functions multiply by the second factor", arguments: cases.prefix(3))
    func gates(of one: Case) {
        for count in [0, 1, 7, 16, 33, line.count] {
            var plain = Array(line.prefix(count)), gated = plain
            let up = (0..<count).map { Float($0 % 17) - 8 }
            one.kernel(&plain, nil, count)
            one.kernel(&gated, up, count)
            for i in 0..<count { #expect(abs(gated[i] - plain[i] * up[i]) <= 1e-6 * abs(gated[i])) }
        }
    }

    @Test("the soft cap keeps small values to seven digits") func smallValues() {
        for x in [Float(1e-6), 0.003, -0.7, 5, -17] {
            var y = [x]
            tsk_softcap(&y, 50, 1)
            #expect(abs(Double(y[0]) - 50 * tanh(Double(x) / 50)) <= 3e-7 * abs(Double(x)))
        }
    }
}

@Suite("Norms and rotations") struct NormTests {
    @Test("LayerNorm agrees with double precision, offset or not", arguments: [1, 2, 63, 64, 65, 128, 200, 768])
    func layerNorm(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        for offset in [Float(0), 300] {
            let x = (0..<count).map { _ in offset + Float(random.nextUnit() * 8 - 4) }
            let weight = (0..<count).map { _ in Float(random.nextUnit() * 2) }
            let bias = (0..<count).map { _ in Float(random.nextUnit() - 0.5) }
            let mean = x.reduce(0.0) { $0 + Double($1) } / Double(count)
            let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(count)
            var plain = x, shifted = x
            tsk_layer_norm(x, weight, nil, 1e-5, count, &plain)
            shifted.withUnsafeMutableBufferPointer {
                tsk_layer_norm($0.baseAddress, weight, bias, 1e-5, count, $0.baseAddress)
            }
            for i in 0..<count {
                let expected = (Double(x[i]) - mean) / (variance + 1e-5).squareRoot() * Double(weight[i])
                // A mean near 300 is itself rounded to 3e-5.
                let tolerance = offset == 0 ? 3e-6 : 1e-3
                #expect(abs(Double(plain[i]) - expected) < tolerance)
                #expect(abs(Double(shifted[i]) - expected - Double(bias[i])) < tolerance)
            }
        }
    }

    @Test("halves rotate as pairs do when they are laid side by side", arguments: [1, 4, 16, 24, 33, 64])
    func halves(pairs: Int) {
        var random = SeededGenerator(seed: 5)
        let x = (0..<2 * pairs).map { _ in Float(random.nextUnit() * 2 - 1) }
        let angles = (0..<pairs).map { _ in Float(random.nextUnit() * 6) }
        var halves = x, neighbours = (0..<pairs).flatMap { [x[$0], x[$0 + pairs]] }
        tsk_rotate_halves(&halves, angles.map(cos), angles.map(sin), pairs)
        tsk_rotate_pairs(&neighbours, angles.map(cos), angles.map(sin), pairs)
        for j in 0..<pairs {
            #expect(abs(halves[j] - neighbours[2 * j]) < 1e-6)
            #expect(abs(halves[j + pairs] - neighbours[2 * j + 1]) < 1e-6)
        }
    }

    @Test("one infinity or NaN anywhere is found", arguments: [0, 1, 15, 16, 4095, 4096, 9999])
    func finite(place: Int) {
        var x = [Float](repeating: -Float.greatestFiniteMagnitude, count: 10_000)
        #expect(tsk_all_finite(x, x.count) == 1)
        #expect(tsk_all_finite(x, 0) == 1)
        for value in [Float.infinity, -.infinity, .nan] {
            x[place] = value
            #expect(tsk_all_finite(x, x.count) == 0)
        }
    }
}

@Suite("8-bit floats") struct EightBitFloatTests {
    @Test("every E4M3 pattern widens to its value") func patterns() {
        let patterns = (0...UInt8.max).map { $0 }
        var wide = [Float](repeating: 0, count: 256)
        Dequantize.row(patterns, type: .f8e4m3, count: 256, into: &wide)
        for pattern in patterns {
            let exponent = Int(pattern >> 3 & 15), mantissa = Double(pattern & 7)
            let magnitude =
                exponent == 0 ? mantissa / 8 * pow(2, -6) : (1 + mantissa / 8) * pow(2, Double(exponent - 7))
            if pattern & 0x7F == 0x7F {
                #expect(wide[Int(pattern)].isNaN)
            } else {
                #expect(Double(wide[Int(pattern)]) == (pattern < 128 ? magnitude : -magnitude))
            }
        }
    }
}
