import Foundation
import Testing
import TopsailCatalog
import TopsailTestSupport

@Suite("Collecting items without a language model") struct ItemCommandTests {
    private let program: Program
    private let sae: String

    init() throws {
        program = try Program()
        try TinyCatalog.install(in: program)
        sae = program.folder.path("vision")
    }

    /// Writes checkpoint, activations and labels.
    private func files(_ sample: ItemSample, shape: [Int]) throws -> (activations: String, labels: String) {
        try sample.writeSAE(to: sae)
        let path = program.folder.path("pictures.safetensors")
        try ItemSample.write([("patches", shape, sample.rows.flatMap { $0 })], to: path)
        return (
            path + "#patches", try program.folder.file("names.txt", Data(sample.labels.joined(separator: "\n").utf8))
        )
    }

    private func catalog() throws -> Catalog { try Catalog(path: program.workspace + "/catalog.sqlite") }

    @Test("what is stored is what the matrices say about the items")
    func rows() throws {
        let sample = ItemSample()
        let files = try files(sample, shape: [120, ItemSample.dIn])
        let result = try program.run(
            "collect", "--sae", sae, "--activations", files.activations, "--labels", files.labels, "--contexts", "4",
            "--json")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try result.json()
        #expect(summary["neurons"].int == 8 && summary["fired"].int == 7)
        let catalog = try catalog()
        let record = try catalog.sae(named: "vision")
        #expect(record.model == nil && record.collection?.countedTokens == 120 && record.countedUnit == "items")
        #expect(try catalog.models().map(\.name) == ["tiny"])
        for neuron in 0..<ItemSample.dSAE {
            let detail = try catalog.neuron(.named(sae: "vision", index: neuron))
            let values = (0..<120).map { sample.activation(neuron, $0) }
            let order = values.indices.filter { values[$0] > 0 }.sorted { values[$0] > values[$1] }
            let sorted = values.sorted()
            #expect(detail.statistics.firedCount == order.count)
            #expect(abs((detail.statistics.density ?? -1) - Double(order.count) / 120) < 1e-12)
            #expect(abs(Double(detail.statistics.maxActivation ?? -1) - sorted[119]) < 1e-5)
            // Rank 119.88 of 120, counted from 1.
            let quantile = sorted[118] + 0.88 * (sorted[119] - sorted[118])
            #expect(abs(Double(detail.statistics.q999 ?? -1) - quantile) < 1e-5)
            #expect(Int(detail.histogram?.counts.reduce(0, +) ?? 0) == order.count)
            let top = detail.contexts.filter { $0.band == 0 }
            #expect(top.map { $0.texts ?? [] } == order.prefix(4).map { [sample.labels[$0]] })
            for (context, item) in zip(top, order) {
                // Stored to 1/255 of the largest.
                #expect(abs(Double(context.max) - values[item]) <= sorted[119] / 250)
            }
            #expect(detail.logitEffects.top.isEmpty)
        }
        #expect(try catalog.neuron(.named(sae: "vision", index: 0)).row.explanation == "\"cat\"")
        #expect(try catalog.check().isEmpty)
    }

    @Test("items of several positions are contexts of as many tokens, and the page names them")
    func positions() throws {
        let sample = ItemSample(items: 30, positions: 5)
        let files = try files(sample, shape: [30, 5, ItemSample.dIn])
        #expect(
            try program.run("collect", "--sae", sae, "--activations", files.activations, "--labels", files.labels)
                .status == 0)
        let neuron = try program.run("neuron", "vision/2", "--json").json()
        let values = (0..<150).map { sample.activation(2, $0) }
        let best = values.indices.max { values[$0] < values[$1] }!
        #expect(neuron["model"].isNull && neuron["fired"].int == values.count { $0 > 0 })
        let context = neuron["contexts"][0]
        #expect(context["item"].string == sample.labels[best / 5])
        #expect(context["tokens"].strings == ["0", " 1", " 2", " 3", " 4"])
        #expect(context["max_position"].int == best % 5)
        for (position, value) in (context["activations"].array ?? []).enumerated() {
            #expect(abs((value.double ?? -1) - values[best / 5 * 5 + position]) <= values[best] / 250)
        }
        let page = try program.run("neuron", "vision/2")
        #expect(page.output.contains("no language model") && page.output.contains("counted on 150 positions"))
        #expect(!page.output.contains("promotes") && page.errors.isEmpty, "\(page.output)\(page.errors)")
    }

    @Test("without labels items are called by their numbers, and nothing is claimed of them")
    func withoutLabels() throws {
        let sample = ItemSample(items: 12)
        let files = try files(sample, shape: [12, ItemSample.dIn])
        #expect(try program.run("collect", "--sae", sae, "--activations", files.activations).status == 0)
        let best = (0..<12).max { sample.activation(0, $0) < sample.activation(0, $1) }!
        let neuron = try program.run("neuron", "vision/0", "--json").json()
        #expect(neuron["contexts"][0]["tokens"].strings == ["item \(best)"])
        #expect(neuron["explanation"].isNull)
    }

    @Test("wrong input is named, and the catalog stays as it was")
    func refusals() throws {
        var sample = ItemSample(items: 10)
        let files = try files(sample, shape: [10, ItemSample.dIn])
        #expect(
            try program.run("collect", "--sae", sae, "--activations", files.activations, "--labels", files.labels)
                .status == 0)
        let before = try program.run("neuron", "vision/0", "--json").output
        let path = program.folder.path("wrong.safetensors")
        var damaged = sample.rows
        damaged[3][2] = .nan
        try ItemSample.write(
            [
                ("narrow", [10, 4], Array(repeating: 1, count: 40)), ("damaged", [10, 6], damaged.flatMap { $0 }),
                ("patches", [2, 5, 6], damaged.flatMap { $0 }), ("none", [0, 6], []),
            ], to: path)
        sample = ItemSample(items: 9)
        let few = try program.folder.file(
            "few.csv", Data(sample.labels.map { "\"\($0)\"" }.joined(separator: "\n").utf8))
        let cases: [([String], String)] = [
            ([path + "#narrow"], "has the shape [10, 4], but vision reads rows of 6"),
            ([path + "#damaged"], "item 3 of damaged"), ([path + "#patches"], "item 0, position 3 of patches"),
            ([path + "#none"], "holds no items"), ([path + "#absent"], "absent"),
            ([files.activations, "--labels", few], "few.csv has 9 labels, but patches in"),
            ([program.folder.path("nowhere.npy")], "does not exist"),
        ]
        for (arguments, words) in cases {
            let result = try program.run(["collect", "--sae", sae, "--activations"] + arguments)
            #expect(result.status == 1, "\(arguments)")
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
        #expect(try program.run("neuron", "vision/0", "--json").output == before)
    }

    @Test("neurons of a language model do not become items by mistake, and options that make no sense are refused")
    func conflicts() throws {
        let sample = ItemSample(items: 10)
        let files = try files(sample, shape: [10, ItemSample.dIn])
        let tiny = program.folder.path("tiny")
        try sample.writeSAE(to: tiny)
        let result = try program.run("collect", "--sae", tiny, "--activations", files.activations)
        #expect(result.status == 1 && result.errors.contains("reads the language model tiny"), "\(result.errors)")
        for arguments in [
            [], ["--activations", files.activations, "--corpus", "c"], ["--corpus", "c", "--labels", files.labels],
            ["--activations", files.activations, "--pairs", "p.jsonl"],
        ] {
            #expect(try program.run(["collect", "--sae", sae] + arguments).status == 64, "\(arguments)")
        }
        for (option, value) in [("--count", "all"), ("--precision", "exact"), ("--evaluation-tokens", "100")] {
            let result = try program.run(
                "collect", "--sae", sae, "--activations", files.activations, option, value)
            #expect(result.status == 64 && result.output.isEmpty)
            #expect(result.errors.contains("\(option) belongs to --corpus"), "\(result.errors)")
        }
    }

    @Test("a prompt for an SAE without a language model is refused in a sentence; Live says the same and does not fail")
    func live() throws {
        let sample = ItemSample(items: 10)
        let files = try files(sample, shape: [10, ItemSample.dIn])
        #expect(try program.run("collect", "--sae", sae, "--activations", files.activations).status == 0)
        let result = try program.run("encode", "--sae", sae, "--text", "hello")
        #expect(result.status == 1 && result.errors.contains("vision has no language model"), "\(result.errors)")
        let screen = try program.run("explore", "--sae", sae, "--keys", "2hello", "--size", "100x30").output
        #expect(
            screen.contains("vision has no language model, so there is no prompt to read; 1 goes back"), "\(screen)")
        #expect(!screen.contains("setup"))
    }
}
