import Foundation
import Testing
import TopsailTestSupport

@Suite("Collecting in shards", .enabled(if: CollectSample.isThere, "needs the fixture gguf/llama-f32"))
struct ShardCommandTests {
    @Test("parts merge to the export of one pass, byte for byte")
    func merging() throws {
        let sample = try CollectSample()
        let whole = try sample.onePass()
        #expect(whole.count > 10_000)
        let parts = (1...3).map { sample.program.folder.path("part-\($0).topsail") }
        for (index, part) in parts.enumerated() {
            let result = try sample.program.run(
                ["collect"] + sample.settings + ["--shard", "\(index + 1)/3", "--output", part, "--threads", "1"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasPrefix("\(part): shard \(index + 1)/3, "))
        }
        let workspace = try sample.workspace("merged")
        let lacking = try sample.program.run(["catalog", "merge"] + parts.dropLast() + ["--workspace", workspace])
        #expect(lacking.status == 1)
        #expect(lacking.errors == "error: shard 3/3 is missing\nhint: give the parts of all shards\n")
        let merged = try sample.program.run(["catalog", "merge"] + parts + ["--workspace", workspace])
        #expect(merged.status == 0, "\(merged.errors)")
        #expect(try sample.export(workspace) == whole)
    }

    @Test("a shard that is killed goes on to the same bytes")
    func killing() throws {
        let sample = try CollectSample(documents: 1200)
        func arguments(_ part: String) -> [String] {
            ["collect"] + sample.settings
                + ["--shard", "1/1", "--output", part, "--resume", "--checkpoint-minutes", "0", "--threads", "1"]
        }
        let whole = sample.program.folder.path("whole.topsail")
        #expect(try sample.program.run(arguments(whole)).status == 0)
        let part = sample.program.folder.path("killed.topsail")
        var kills = 0
        for signal in [SIGKILL, SIGTERM, SIGKILL] {
            let run = try sample.program.start(arguments(part))
            let known = modified(part + ".unfinished")
            let isUnderWay = run.wait { modified(part + ".unfinished") != known || !run.process.isRunning }
            kill(run.process.processIdentifier, signal)
            let result = try run.finish()
            if isUnderWay, result.status != 0 { kills += 1 }
            #expect([0, 130, 128 + SIGKILL].contains(result.status), "\(result.errors)")
        }
        #expect(kills > 0)
        #expect(try sample.program.run(arguments(part)).status == 0)
        let files = try [whole, part].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        #expect(files[0] == files[1])
        let again = try sample.program.run(arguments(part))
        #expect(again.status == 0)
    }

    private func modified(_ path: String) -> Date? {
        try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }

    @Test("wrong usage is told before anything is read")
    func usage() throws {
        let program = try Program()
        let lines = [
            ["--shard", "1/2"], ["--output", "x"], ["--shard", "3/2", "--output", "x"], ["--shard", "0/2"],
        ]
        for options in lines {
            let result = try program.run(["collect", "--corpus", "c", "--sae", "s"] + options)
            #expect(result.status == 64, "\(options): \(result.errors)")
        }
    }
}
