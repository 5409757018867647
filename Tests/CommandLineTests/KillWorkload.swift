import Foundation
import TopsailCatalog
import TopsailCore

/// Something that the program is doing when it is killed.
///
/// To add one: say which arguments the `number`th run gets, and which condition holds once that run has told that it is done.
struct KillWorkload: Sendable {
    let name: String
    /// About how many seconds a run takes.
    let longest: Double
    /// Arguments of one run.
    let arguments: @Sendable (_ number: Int, _ parts: String) -> [String]
    /// Says what of the run is in the catalog: everything, nothing, or something in between.
    let found: @Sendable (_ catalog: Catalog, _ number: Int) throws -> Found

    enum Found: Sendable { case everything, nothing, half }

    static let all = [tags, lists, note, rating, merge, lines, collection]

    /// Three categories on one neuron.
    static let tags = KillWorkload(
        name: "tag add", longest: 0.1,
        arguments: { number, _ in ["tag", "add", neuron(number), "violence", "violence.threat", "privacy.doxxing"] },
        found: { catalog, number in
            let tags = try catalog.neuron(id(number)).tags.filter(\.isHuman)
            return tags.count == 3 ? .everything : tags.isEmpty ? .nothing : .half
        })

    /// A hundred neurons on a list.
    static let lists = KillWorkload(
        name: "list add", longest: 0.3,
        arguments: { number, _ in ["list", "add", "many"] + block(number).map { "big/\($0)" } },
        found: { catalog, number in
            var filter = NeuronFilter()
            filter.list = "many"
            let members = Set(try catalog.neurons(matching: filter).map(\.index)).intersection(block(number))
            return members.count == 100 ? .everything : members.isEmpty ? .nothing : .half
        })

    static let note = KillWorkload(
        name: "note", longest: 0.1,
        arguments: { number, _ in ["note", neuron(number), text(number)] },
        found: { catalog, number in
            guard let note = try catalog.neuron(id(number)).note else { return .nothing }
            return note == text(number) ? .everything : .half
        })

    static let rating = KillWorkload(
        name: "rate", longest: 0.1,
        arguments: { number, _ in ["rate", neuron(number), "\(number % 5 + 1)"] },
        found: { catalog, number in
            try catalog.neuron(id(number)).rating == number % 5 + 1 ? .everything : .nothing
        })

    /// One of several catalogs, each with an SAE of 400 neurons and a note on each. Merged again, nothing is left to do.
    static let merge = KillWorkload(
        name: "catalog merge", longest: 0.8,
        arguments: { number, parts in ["catalog", "merge", "\(parts)/\(number % KillCatalog.parts).sqlite"] },
        found: { catalog, number in
            let name = KillCatalog.partSAE(number % KillCatalog.parts)
            guard let sae = try catalog.saes().first(where: { $0.name == name }) else { return .nothing }
            var filter = NeuronFilter(sae: sae.name)
            filter.hasNote = true
            let isWhole = try sae.neuronCount == 400 && catalog.count(matching: filter) == 400
            return isWhole ? .everything : .half
        })

    /// An SAE of 1,000 neurons from JSON Lines, each with an explanation, a score, a tag and a context.
    static let lines = KillWorkload(
        name: "import", longest: 0.5,
        arguments: { number, parts in ["import", "jsonl", "\(parts)/lines.jsonl", "--as", importedSAE(number)] },
        found: { catalog, number in
            guard let sae = try catalog.saes().first(where: { $0.name == importedSAE(number) }) else { return .nothing }
            var filter = NeuronFilter(category: .slug("violence"), sae: sae.name, search: "imported")
            filter.minimumScore = 0.5
            let last = try catalog.neuron(.named(sae: sae.name, index: KillCatalog.lines - 1))
            let isWhole =
                try sae.neuronCount == KillCatalog.lines && catalog.count(matching: filter) == KillCatalog.lines
                && last.contexts.first?.texts == ["rain", " falls"]
            return isWhole ? .everything : .half
        })

    /// What the neurons of one of several SAEs do on items. Collected again, everything is deleted and written anew.
    static let collection = KillWorkload(
        name: "collect", longest: 0.5,
        arguments: { number, parts in
            let number = number % KillCatalog.parts
            return [
                "collect", "--sae", "\(parts)/\(KillCatalog.collectedSAE(number))", "--activations",
                "\(parts)/items-\(number % KillCatalog.itemFiles).safetensors#items",
            ]
        },
        found: { catalog, number in
            let number = number % KillCatalog.parts
            let name = KillCatalog.collectedSAE(number)
            guard let sae = try catalog.saes().first(where: { $0.name == name }) else { return .nothing }
            let items = KillCatalog.items(number % KillCatalog.itemFiles)
            let isWhole =
                try sae.neuronCount == ItemSample.dSAE && sae.collection?.countedTokens == items
                && (0..<ItemSample.dSAE).allSatisfy { index in
                    let neuron = try catalog.neuron(.named(sae: name, index: index))
                    let fired = neuron.statistics.firedCount ?? -1
                    return neuron.statistics.density == Double(fired) / Double(items)
                        && neuron.contexts.isEmpty == (fired == 0)
                }
            return isWhole ? .everything : .half
        })

    private static func importedSAE(_ number: Int) -> String { "imported-\(number)" }
    private static func neuron(_ number: Int) -> String { "big/\(number % KillCatalog.width)" }
    private static func id(_ number: Int) -> NeuronID { .named(sae: "big", index: number % KillCatalog.width) }
    private static func text(_ number: Int) -> String { "note \(number) " + String(repeating: "n", count: 5000) }

    private static func block(_ number: Int) -> Range<Int> {
        let start = number * 100 % (KillCatalog.width - 100)
        return start..<start + 100
    }
}

/// The catalog that is worked on, and one that is merged into it.
enum KillCatalog {
    static let width = 20_000
    static let parts = 20

    /// Neurons of one import.
    static let lines = 1000
    static let itemFiles = 3

    static func partSAE(_ number: Int) -> String { "theirs-\(number)" }
    static func collectedSAE(_ number: Int) -> String { "seen-\(number)" }
    /// Items of one file.
    static func items(_ file: Int) -> Int { 100 * (file + 1) }

    /// What is imported, merged and collected.
    static func makeParts(in folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for number in 0..<parts {
            try makePart(number, in: folder)
            try ItemSample().writeSAE(to: "\(folder)/\(collectedSAE(number))")
        }
        for file in 0..<itemFiles {
            let sample = ItemSample(items: items(file))
            try ItemSample.write(
                [("items", [items(file), ItemSample.dIn], sample.rows.flatMap { $0 })],
                to: "\(folder)/items-\(file).safetensors")
        }
        let text = (0..<lines).map { index in
            """
            {"sae":"lines","index":\(index),"explanation":"imported number \(index)","score":0.5,"tags":["violence.threat"],\
            "density":0.25,"contexts":[{"tokens":["rain"," falls"],"activations":[0,2]}]}
            """
        }
        try Data(text.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: folder + "/lines.jsonl"))
    }

    static func make(at path: String) throws {
        let catalog = try Catalog(path: path)
        try catalog.install(Taxonomy.decode(Data(TinyCatalog.taxonomyJSON.utf8), path: "taxonomy.json"))
        try catalog.register(
            SAERecord(
                name: "big", model: "tiny", hook: nil, architecture: "topk", dIn: 8, dSAE: width, isDefault: false))
        try catalog.replaceDerived(sae: "big") { writer in
            try writer.add((0..<width).map { DerivedNeuron(index: $0, statistics: NeuronStatistics(density: 0.5)) })
        }
        try catalog.createList("many")
    }

    private static func makePart(_ number: Int, in folder: String) throws {
        let mergedSAE = partSAE(number)
        let catalog = try Catalog(path: "\(folder)/\(number).sqlite")
        try catalog.register(
            SAERecord(
                name: mergedSAE, model: "tiny", hook: nil, architecture: "topk", dIn: 8, dSAE: 400, isDefault: false))
        let document = try catalog.addDocuments([CorpusDocument(number: 0, tokens: [1, 2, 3])], toCorpus: "c")[0]
        try catalog.replaceDerived(sae: mergedSAE) { writer in
            let contexts = [NeuronContext(documentID: document, start: 0, activations: [0, 1, 0])]
            try writer.add((0..<400).map { DerivedNeuron(index: $0, contexts: contexts) })
        }
        for index in 0..<400 { try catalog.setNote("theirs", of: .named(sae: mergedSAE, index: index)) }
    }
}
