import Foundation
import Testing
import TopsailFiles
import TopsailSAE
import TopsailTensor
import TopsailTestSupport

@Suite("Streams of activations")
struct ActivationSourceTests {
    @Test("each time round hands out every row once, in another order", arguments: [1, 2, 3, 16, 17, 1000, 4096])
    func coversEveryRow(rows: Int) {
        let source = MatrixActivationSource(values: (0..<rows).map(Float.init), dIn: 1, seed: 7)
        var epochs: [[Float]] = []
        for _ in 0..<2 {
            var epoch = [Float](repeating: -1, count: rows)
            source.nextBatch(rows: rows, into: &epoch)
            #expect(epoch.sorted() == (0..<rows).map(Float.init))
            epochs.append(epoch)
        }
        if rows > 16 {
            #expect(epochs[0] != epochs[1])
            #expect(epochs[0] != epochs[0].sorted())
        }
    }

    @Test("seeking gives what would have come")
    func seeks() {
        let values = (0..<500).map(Float.init)
        let straight = MatrixActivationSource(values: values, dIn: 5, seed: 3)
        var all = [Float](repeating: 0, count: 5 * 250)
        straight.nextBatch(rows: 250, into: &all)
        let sought = MatrixActivationSource(values: values, dIn: 5, seed: 3)
        var tail = [Float](repeating: 0, count: 5 * 30)
        sought.seek(to: 220)
        sought.nextBatch(rows: 30, into: &tail)
        #expect(tail == Array(all[5 * 220..<5 * 250]))
        #expect(sought.position == 250)
    }

    @Test("a mapped fp16 file gives the rows that memory gives")
    func mappedFile() throws {
        let values = (0..<60).map { Float($0) / 4 }
        let folder = try TemporaryFolder()
        var halves = [UInt16](repeating: 0, count: values.count)
        HalfPrecision.encode(values, count: values.count, into: &halves)
        try halves.withUnsafeBytes {
            try SafetensorsWriter.write([(.init("input", .f16, [20, 3]), $0)], to: folder.path("a.safetensors"))
        }
        let mapped = try MatrixActivationSource(path: folder.path("a.safetensors"), seed: 11)
        let memory = MatrixActivationSource(values: values, dIn: 3, seed: 11)
        #expect((mapped.dIn, mapped.rowCount) == (3, 20))
        var (a, b) = ([Float](repeating: 0, count: 75), [Float](repeating: 1, count: 75))
        mapped.nextBatch(rows: 25, into: &a)
        memory.nextBatch(rows: 25, into: &b)
        #expect(a == b)
    }

    @Test("statistics leave the stream where it was")
    func statistics() throws {
        let source = MatrixActivationSource(values: [3, 4, 0, -1, 6, 8], dIn: 2, seed: 1)
        source.seek(to: 2)
        let statistics = try ActivationStatistics(measuring: source, rows: 3 * 3)
        #expect(source.position == 2)
        // Nine rows from position 2 are not whole rounds, so only the bounds are known.
        #expect(statistics.meanNorm > 1 && statistics.meanNorm < 10)
        source.seek(to: 0)
        let whole = try ActivationStatistics(measuring: source, rows: 3)
        #expect(abs(whole.meanNorm - 16.0 / 3) < 1e-5)
        #expect(abs(whole.mean[0] - 3) < 1e-5 && abs(whole.mean[1] - 11.0 / 3) < 1e-5)
    }
}
