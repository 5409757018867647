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

    static let all = [tags, lists, note, rating, merge]

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

    static func partSAE(_ number: Int) -> String { "theirs-\(number)" }

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

    static func makePart(_ number: Int, in folder: String) throws {
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
