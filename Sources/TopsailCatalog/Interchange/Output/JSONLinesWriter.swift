import TopsailCore

/// Topsail's own format: first what neurons refer to, then a line for each neuron; a document comes before the first
/// context in it.
struct JSONLinesWriter {
    private let catalog: Catalog
    private let neurons: SelectedNeurons
    private let texts: ExportTexts

    init(_ catalog: Catalog, _ neurons: SelectedNeurons, _ texts: ExportTexts) {
        self.catalog = catalog
        self.neurons = neurons
        self.texts = texts
    }

    func write(to file: ExportFile, _ count: () throws -> Void) throws {
        var output = JSONOutput()
        func line(_ body: (inout JSONOutput) throws -> Void) throws {
            output.removeAll()
            try output.object(body)
            output.newline()
            try file.write(output.bytes)
        }
        try line { $0.member("topsail_export", 1) }
        for sae in try neurons.saes() {
            try line { $0.object("declare_sae") { DeclarationDocument.write(sae, to: &$0) } }
        }
        let own = Set(try catalog.read { db in try OwnCategories(db).all().map(\.slug) })
        for category in try catalog.categories().flattened {
            try line { output in
                output.object("declare_category") { output in
                    DeclarationDocument.write(category, to: &output)
                    if own.contains(category.slug) { output.member("own", 1) }
                }
            }
        }
        for list in try catalog.lists() {
            try line { output in
                output.object("declare_list") { output in
                    output.member("name", list.name)
                    output.member("description", list.description)
                }
            }
        }
        var documents: [DocumentID: Int] = [:]
        try neurons.forEachDetail { neuron in
            for context in neuron.detail.contexts where context.texts == nil && documents[context.documentID] == nil {
                guard let corpus = context.corpus, let document = try catalog.document(context.documentID) else {
                    continue
                }
                documents[context.documentID] = document.number
                try line { $0.object("declare_document") { DeclarationDocument.write(document, corpus, to: &$0) } }
            }
            try line { NeuronLine(neuron, texts, documents).write(to: &$0) }
            try count()
        }
    }
}

/// What stands beside neurons, as JSON.
private enum DeclarationDocument {
    static func write(_ sae: SAERecord, to output: inout JSONOutput) {
        output.member("name", sae.name)
        output.member("model", sae.model)
        output.member("hook", sae.hook?.description)
        output.member("architecture", sae.architecture)
        output.member("d_in", sae.dIn)
        output.member("d_sae", sae.dSAE)
        output.member("k", sae.k)
        output.member("path", sae.path)
        output.member("sha256", sae.sha256)
        output.member("default", sae.isDefault)
        output.object("metrics") { output in
            for metric in sae.metrics.sorted(by: { $0.key < $1.key }) { output.member(metric.key, metric.value) }
        }
        guard let collection = sae.collection else { return }
        output.member("corpus", collection.corpus)
        output.member("counted_tokens", collection.countedTokens)
        output.member("context_length", collection.contextLength)
        output.member("excluded_tokens", collection.excludedTokens)
    }

    static func write(_ category: CategoryCount, to output: inout JSONOutput) {
        output.member("slug", category.slug)
        output.member("parent", category.parent)
        output.member("label", category.label)
        output.member("description", category.description)
    }

    static func write(_ document: CorpusDocument, _ corpus: String, to output: inout JSONOutput) {
        output.member("corpus", corpus)
        output.member("number", document.number)
        output.member("topic", document.topic)
        output.array("ids", document.tokens) { $0.value(Int($1)) }
    }
}
