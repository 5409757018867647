import TopsailCore

/// Topsail's own format: one neuron a line, and lines for what else the catalog holds.
///
/// Files of other people with a few of the keys are read as well: `sae`/`layer` and `index` (or `neuron`), `explanation`,
/// `score` or `correlation_score`, `tags`, `density`, `max`.
struct JSONLinesReader {
    let path: String
    let sink: CatalogImport

    func read() throws {
        try InputLines.read(path) { line, number in
            var json = JSONPull(line)
            guard try json.beginObject() else { return }
            var parser = NeuronLineParser()
            while let name = try json.nextName() {
                if try parser.isDeclaration(name) {
                    for declaration in try DeclarationParser.parse(name, &json) {
                        try sink.declare(declaration, at: "line \(number)")
                    }
                } else {
                    try parser.member(name, &json)
                }
            }
            try json.end()
            guard !parser.isOnlyDeclaration else { return }
            switch parser.finish() {
            case .success(let neuron): try sink.add(neuron, at: "line \(number)")
            case .failure(let problem): sink.skip("line \(number)", problem.why)
            }
        }
    }
}

/// Why a line makes no neuron.
struct LineProblem: Error {
    let why: String

    init(_ why: String) { self.why = why }
}
