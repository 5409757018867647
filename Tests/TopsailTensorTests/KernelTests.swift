import CKernels
import Foundation
import Testing
import TopsailCore
import TopsailTensor

/// Sizes around every edge of the vector loops.
private let sizes = Array(0...70) + [127, 128, 129, 191, 192, 193, 576, 1000]

private func values(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in scale * Float(random.nextUnit() * 2 - 1) }
}

@Suite("Vector kernels") struct VectorKernelTests {
    @Test("a dot product agrees with double precision", arguments: sizes)
    func dot(count: Int) {
        let a = values(count, seed: 1), b = values(count, seed: 2)
        let expected = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(Double(tsk_dot(a, b, count)) - expected) <= 1e-6 * Double(count + 1))
    }

    @Test("RMSNorm agrees with double precision", arguments: sizes.filter { $0 > 0 })
    func rmsNorm(count: Int) {
        let x = values(count, seed: 3, scale: 4), weight = values(count, seed: 4)
        var out = [Float](repeating: 0, count: count)
        tsk_rms_norm(x, weight, 1e-5, count, &out)
        let mean = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(count)
        for i in 0..<count {
            let expected = Double(x[i]) / (mean + 1e-5).squareRoot() * Double(weight[i])
            #expect(abs(Double(out[i]) - expected) < 2e-6 * max(1, abs(expected)))
        }
    }

    @Test(
        "softmax sums to one, keeps masked entries at zero and agrees with double precision",
        arguments: sizes.filter { $0 > 0 })
    func softmax(count: Int) {
        var x = values(count, seed: 5, scale: 20)
        if count > 2 { x[1] = -.infinity }
        let input = x
        tsk_softmax(&x, count)
        let largest = Double(input.max()!)
        let powers = input.map { exp(Double($0) - largest) }
        let total = powers.reduce(0, +)
        for i in 0..<count { #expect(abs(Double(x[i]) - powers[i] / total) < 1e-6) }
        if count > 2 { #expect(x[1] == 0) }
    }

    @Test("SiLU agrees with double precision over its whole range") func silu() {
        var gate = (0..<2000).map { Float($0) * 0.1 - 100 }
        let input = gate
        tsk_silu_multiply(&gate, [Float](repeating: 1, count: gate.count), gate.count)
        for (x, y) in zip(input, gate) {
            let expected = Double(x) / (1 + exp(-Double(x)))
            #expect(abs(Double(y) - expected) <= 3e-7 * max(1, abs(expected)))
        }
    }

    @Test("log-sum-exp agrees with double precision") func logSumExp() {
        let x = values(1000, seed: 6, scale: 30)
        let largest = Double(x.max()!)
        let expected = largest + log(x.reduce(0.0) { $0 + exp(Double($1) - largest) })
        #expect(abs(Double(tsk_log_sum_exp(x, x.count)) - expected) < 1e-5)
    }

    @Test("scores and weighted sums agree with one dot product at a time", arguments: [1, 16, 63, 64, 80, 128])
    func attention(width: Int) {
        let positions = 37
        let query = values(width, seed: 7), keys = values(positions * width, seed: 8)
        var scores = [Float](repeating: 0, count: positions)
        tsk_scores(query, keys, positions, width, 0.5, &scores)
        var sum = values(width, seed: 9)
        let start = sum
        tsk_add_weighted(scores, keys, positions, width, &sum)
        for p in 0..<positions {
            let key = Array(keys[p * width..<(p + 1) * width])
            #expect(abs(scores[p] - 0.5 * tsk_dot(query, key, width)) < 1e-5)
        }
        for i in 0..<width {
            let expected = (0..<positions).reduce(Double(start[i])) {
                $0 + Double(scores[$1]) * Double(keys[$1 * width + i])
            }
            #expect(abs(Double(sum[i]) - expected) < 1e-4)
        }
    }

    @Test("the first of several equal maxima is chosen") func argmax() {
        #expect(tsk_argmax([1, 3, 2, 3], 4) == 1)
        #expect(tsk_argmax([-5], 1) == 0)
    }
}

@Suite("Half precision") struct HalfPrecisionTests {
    @Test("every fp16 pattern widens and narrows back to itself") func roundTrip() {
        let patterns = (0...UInt16.max).map { $0 }
        var wide = [Float](repeating: 0, count: patterns.count)
        HalfPrecision.decode(patterns, count: patterns.count, into: &wide)
        for pattern in patterns {
            let expected = Float(Float16(bitPattern: pattern))
            #expect(wide[Int(pattern)] == expected || (expected.isNaN && wide[Int(pattern)].isNaN))
        }
        var narrow = [UInt16](repeating: 0, count: patterns.count)
        HalfPrecision.encode(wide, count: wide.count, into: &narrow)
        for pattern in patterns where !wide[Int(pattern)].isNaN { #expect(narrow[Int(pattern)] == pattern) }
    }

    @Test(
        "narrowing rounds to nearest, ties to even",
        arguments: [
            Float(1.0004883), 1.00048828125, 1.0014648, 65504, 65519, 65520, 1e-8, 2.98e-8, 3e-8, 6e-8, -0.1, 3.14159,
        ])
    func rounding(value: Float) {
        var narrow: UInt16 = 0
        HalfPrecision.encode([value], count: 1, into: &narrow)
        #expect(narrow == Float16(value).bitPattern)
    }
}
