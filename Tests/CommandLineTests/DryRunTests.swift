import Foundation
import Testing
import TopsailTestSupport

@Suite("Dry runs", .enabled(if: CollectSample.isThere, "needs the fixture gguf/llama-f32"))
struct DryRunTests {
    private struct Forecast: Decodable {
        struct Reading: Decodable {
            var purpose: String
            var tokens: Int
        }

        struct Training: Decodable {
            var saes: Int
            var tokens_each: Int
        }

        var readings: [Reading]
        var trainings: [Training]
        var activation_bytes: Int
        var reading_seconds: Double
    }

    @Test("train and collect state what they take and make nothing")
    func dryRuns() throws {
        let sample = try CollectSample(documents: 60)
        let workspace = try sample.workspace("empty")
        let output = sample.program.folder.path("made")
        let model = ["--model", Fixtures.path(CollectSample.modelPath), "--corpus", sample.corpus]
        let commands = [
            ["train", "--hook", "resid_post.0", "--k", "4,8", "--tokens", "5000", "--output", output] + model,
            ["collect", "--workspace", workspace] + sample.settings,
            ["collect", "--shard", "1/2", "--output", output] + sample.settings,
        ]
        let forecasts = try commands.map { command in
            let result = try sample.program.run(command + ["--dry-run", "--json"])
            #expect(result.status == 0, "\(result.errors)")
            return try JSONDecoder().decode(Forecast.self, from: Data(result.output.utf8))
        }
        #expect(forecasts.map { $0.readings.count } == [1, 3, 1])
        #expect(forecasts[0].readings[0].tokens == forecasts[1].readings[0].tokens)
        #expect(forecasts[2].readings[0].tokens < forecasts[0].readings[0].tokens)
        #expect(forecasts.allSatisfy { $0.reading_seconds > 0 })
        #expect(forecasts[0].trainings.map(\.saes) == [2] && forecasts[0].trainings[0].tokens_each == 5000)
        #expect(forecasts[0].activation_bytes % (2 * CollectSample.dModel) == 0 && forecasts[0].activation_bytes > 0)
        #expect(!FileManager.default.fileExists(atPath: output))
        #expect(try sample.export(workspace) == sample.export(sample.workspace("untouched")))

        let told = try sample.program.run(commands[0] + ["--dry-run"])
        #expect(told.output.contains("trains 2 SAEs, on 5000 tokens each\nkeeps "))
    }
}
