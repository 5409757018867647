import Foundation
import TopsailCore
import TopsailModel
import TopsailTensor

/// What this machine can do at best, measured beside the jobs so that a slow hour slows both.
struct Machine {
    /// Bytes per second read from memory by all threads, over a block larger than the caches of a core.
    let readBandwidth: Double
    /// fp32 multiply-adds count two: operations per second of OpenBLAS on all threads.
    let gemmRate: Double

    init() {
        readBandwidth = Self.measureBandwidth()
        gemmRate = Self.measureGemm()
    }

    var description: String {
        let threads = "\(Parallel.threads) of \(ProcessInfo.processInfo.activeProcessorCount) cores"
        return """
            machine   \(Self.processor), \(threads), \(LinearAlgebra.description)
            fast      \(Precision.fast.isNarrowed ? "integer products" : "the same as exact")
            limits    read \(String(format: "%.1f", readBandwidth / 1e9)) GB/s, fp32 GEMM \(String(format: "%.0f", gemmRate / 1e9)) GFLOP/s
            """
    }

    private static var processor: String {
        let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = info.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    }

    private static func measureBandwidth() -> Double {
        let block = FloatMatrix(rows: 48, columns: 1 << 20)
        block.pointer.update(repeating: 1, count: block.count)
        nonisolated(unsafe) let values = block.pointer
        let measurement = Measurement.of("read", count: 7) {
            Parallel.forEach(count: 48) { row in
                let start = values + row * (1 << 20)
                sink(LinearAlgebra.dot(start, start, count: 1 << 20))
            }
        }
        return Double(block.count * 4) / (measurement.quantile(0) / 1000)
    }

    private static func measureGemm() -> Double {
        let m = 512, n = 1536, k = 576
        let a = FloatMatrix(rows: m, columns: k), b = FloatMatrix(rows: n, columns: k),
            c = FloatMatrix(rows: m, columns: n)
        let measurement = Measurement.of("gemm", count: 7) {
            LinearAlgebra.gemm(
                transA: false, transB: true, m: m, n: n, k: k, alpha: 1, a: a.pointer, lda: k, b: b.pointer, ldb: k,
                beta: 0, c: c.pointer, ldc: n)
        }
        return 2 * Double(m * n * k) / (measurement.quantile(0) / 1000)
    }
}
