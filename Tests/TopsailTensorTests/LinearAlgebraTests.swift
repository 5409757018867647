import Foundation
import Synchronization
import Testing
import TopsailCore
import TopsailTensor

@Suite("Linear algebra") struct LinearAlgebraTests {
    @Test(
        "a product agrees with its definition however it is split",
        arguments: [
            (1, 300, 20), (300, 1, 20), (5, 7, 3), (200, 130, 33), (64, 400, 16),
        ])
    func product(m: Int, n: Int, k: Int) {
        for transA in [false, true] {
            for transB in [false, true] {
                let a = values(m * k, seed: 1), b = values(k * n, seed: 2)
                var c = values(m * n, seed: 3)
                let before = c
                LinearAlgebra.gemm(
                    transA: transA, transB: transB, m: m, n: n, k: k, alpha: 2, a: a, lda: transA ? m : k, b: b,
                    ldb: transB ? k : n, beta: 0.5, c: &c, ldc: n)
                var worst = 0.0
                for i in 0..<m {
                    for j in 0..<n {
                        var sum = 0.5 * Double(before[i * n + j])
                        for t in 0..<k {
                            sum +=
                                2 * Double(transA ? a[t * m + i] : a[i * k + t])
                                * Double(transB ? b[j * k + t] : b[t * n + j])
                        }
                        worst = max(worst, abs(sum - Double(c[i * n + j])))
                    }
                }
                #expect(worst < 1e-4)
            }
        }
    }

    private func values(_ count: Int, seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float(random.nextUnit() * 2 - 1) }
    }
}

@Suite("Parallel loops") struct ParallelTests {
    @Test("every index is visited once", arguments: [0, 1, 2, 3, 1000])
    func once(count: Int) {
        let seen = Mutex([Int](repeating: 0, count: count))
        Parallel.forEach(count: count) { index in seen.withLock { $0[index] += 1 } }
        #expect(seen.withLock { $0.allSatisfy { $0 == 1 } })
    }

    @Test("what is made of each index comes in the order of the indices", arguments: [0, 1, 3, 1000])
    func mapped(count: Int) {
        #expect(Parallel.map(count: count) { "\($0)" } == (0..<count).map(String.init))
    }

    @Test("loops that follow each other, run at once, or run inside one another visit every index once")
    func manyLoops() async {
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let total = Atomic<Int>(0)
                    for _ in 0..<300 {
                        Parallel.forEach(count: 7) { outer in
                            Parallel.forEach(count: 5) { inner in
                                total.wrappingAdd(outer * 5 + inner, ordering: .relaxed)
                            }
                        }
                    }
                    return total.load(ordering: .relaxed)
                }
            }
            for await total in group { #expect(total == 300 * (34 * 35 / 2)) }
        }
    }

    @Test("a loop works after its workers have gone to sleep") func afterSleep() throws {
        for _ in 0..<20 {
            let total = Atomic<Int>(0)
            Parallel.forEach(count: 100) { total.wrappingAdd($0, ordering: .relaxed) }
            #expect(total.load(ordering: .relaxed) == 4950)
            Thread.sleep(forTimeInterval: 0.002)
        }
    }

    @Test(
        "ranges cover everything once and keep their least size",
        arguments: [(0, 1), (1, 10), (9, 10), (10, 3), (1001, 64)])
    func ranges(count: Int, minimum: Int) {
        let ranges = Mutex<[Range<Int>]>([])
        Parallel.forRanges(count: count, minimum: minimum) { range in ranges.withLock { $0.append(range) } }
        let sorted = ranges.withLock { $0.sorted { $0.lowerBound < $1.lowerBound } }
        #expect(sorted.flatMap(Array.init) == Array(0..<count))
        #expect(sorted.allSatisfy { $0.count >= min(minimum, count) })
    }
}

@Suite("Memory") struct MemoryTests {
    @Test("a matrix starts at zero, small or mapped", arguments: [(3, 5), (600, 700)])
    func zeroed(rows: Int, columns: Int) {
        let matrix = FloatMatrix(rows: rows, columns: columns)
        #expect(matrix.elements().allSatisfy { $0 == 0 })
        matrix.row(rows - 1)[columns - 1] = 3
        #expect(matrix.elements().last == 3)
    }

    @Test("borrowed scratch is not shared between borrowers") func scratch() {
        ScratchMemory.withBuffer(of: Float.self, count: 5000) { outer in
            outer.update(repeating: 1, count: 5000)
            ScratchMemory.withBuffer(of: Float.self, count: 5000) { $0.update(repeating: 2, count: 5000) }
            #expect((0..<5000).allSatisfy { outer[$0] == 1 })
        }
    }

    @Test("block sizes that do not divide, or overflow, are refused") func byteCounts() {
        #expect(DType.q4_1.byteCount(elements: 64) == 40)
        #expect(DType.q4_1.byteCount(elements: 33) == nil)
        #expect(DType.f64.byteCount(elements: .max) == nil)
        #expect(DType.f32.byteCount(elements: -1) == nil)
    }

    @Test("what cannot be mapped says why") func mapping() {
        #expect(throws: FileAccessError.self) { try MappedFile(path: "/nonexistent/file") }
        #expect(throws: FileAccessError.self) { try MappedFile(path: "/") }
    }
}
