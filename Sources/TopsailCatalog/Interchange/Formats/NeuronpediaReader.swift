import Foundation
import TopsailCore

/// Neuronpedia's forms: an export folder (`features`, `activations`, `explanations` with gzip batches, of one source or of
/// many), a single file of rows, saved API replies, and upload bodies.
///
/// Rows of the three folders are told apart by their keys, so that a file need not lie where it should.
struct NeuronpediaReader {
    let path: String
    let sink: CatalogImport

    private static let endings = [".jsonl", ".jsonl.gz", ".json", ".json.gz"]
    /// Rows that describe models, releases and sets.
    private static let descriptive: Set<String> = [
        "model", "release", "sourceset", "source", "inference_hosts", "inference_hosts_on_source",
    ]

    func read() throws {
        guard InputFolder.isThere(path) else { return try read(file: path, place: "") }
        let folder = InputFolder(path)
        let files = folder.everything().filter { file in
            let name = (file as NSString).lastPathComponent
            let stem = name.split(separator: ".").first.map(String.init) ?? ""
            let isConfiguration = file.hasPrefix("config/") || file.contains("/config/")
            return Self.endings.contains { name.hasSuffix($0) } && !Self.descriptive.contains(stem) && !isConfiguration
        }
        guard !files.isEmpty else {
            throw InterchangeError(path: path, problem: "there are no .jsonl, .jsonl.gz or .json files in it")
        }
        // Features first: they say where an SAE reads.
        let order = ["features/", "explanations/", "activations/"]
        func rank(_ file: String) -> Int { order.firstIndex { file.hasPrefix($0) || file.contains("/" + $0) } ?? 0 }
        let sorted = files.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
        for (_, file) in sorted { try read(file: folder.path + "/" + file, place: file + ", ") }
    }

    private func read(file: String, place: String) throws {
        var group = NeuronpediaGroup(sink: sink)
        try InputJSON.records(file, as: "the reply") { json, record in
            try NeuronpediaRow.forEach(&json) { try group.take($0, at: place + record) }
        }
        try group.finish()
    }
}

/// Gathers rows of one neuron that follow each other, most of all its examples.
struct NeuronpediaGroup {
    private let sink: CatalogImport
    private var neuron: ImportedNeuron?
    private var place = ""
    private var examples: [NeuronpediaRow.Example] = []
    private var best: BestContexts

    init(sink: CatalogImport) {
        self.sink = sink
        best = BestContexts(sink.options)
    }

    mutating func take(_ row: NeuronpediaRow, at place: @autoclosure () -> String) throws {
        guard let index = row.index, index >= 0, let source = row.source else {
            return sink.skip(place(), "a row names no feature")
        }
        let sae = row.sae(source)
        let isSame = neuron.map { $0.index == index && $0.sae.name == sae.name } ?? false
        if !isSame {
            try finish()
            neuron = ImportedNeuron(sae: sae, index: index)
            self.place = place()
        }
        row.fill(&neuron!)
        for example in row.examples {
            guard example.tokens.count == example.values.count else {
                sink.skip(place(), "a context has not as many activations as tokens")
                continue
            }
            best.add(example.context)
        }
    }

    /// Hands over what was gathered.
    mutating func finish() throws {
        guard var done = neuron else { return }
        if !best.isEmpty { done.contexts = NeuronpediaBands.numbered(best.contexts) }
        if best.startPeaks > 0 {
            sink.countStartPeaks(best.startPeaks)
        }
        try sink.add(done, at: place)
        neuron = nil
        best = BestContexts(sink.options)
    }
}

/// Bands of examples: readers file an example under its interval's lower edge, and the catalog counts bands.
enum NeuronpediaBands {
    /// A band that stands for an interval beginning at `edge`, above zero.
    static func key(_ edge: Float?) -> Int {
        guard let edge, edge > 0, edge.isFinite else { return 0 }
        // The bits of positive floats are in the order of the numbers.
        return Int(edge.bitPattern)
    }

    /// The highest interval becomes band 1, the next one 2.
    static func numbered(_ contexts: [ImportedContext]) -> [ImportedContext] {
        let edges = Set(contexts.map(\.band)).subtracting([0]).sorted(by: >)
        let numbers = Dictionary(uniqueKeysWithValues: zip(edges, 1...))
        return contexts.map { context in
            var context = context
            context.band = numbers[context.band] ?? 0
            return context
        }.enumerated().sorted { ($0.element.band, $0.offset) < ($1.element.band, $1.offset) }.map(\.element)
    }
}
