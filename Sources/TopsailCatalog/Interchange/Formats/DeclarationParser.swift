import TopsailCore

/// What stands beside neurons in Topsail's own format.
enum DeclarationParser {
    static func parse(_ name: JSONName, _ json: inout JSONPull) throws -> [ImportedDeclaration] {
        switch name {
        case "declare_sae": return try sae(&json).map { [.sae($0)] } ?? []
        case "declare_list": return try list(&json).map { [$0] } ?? []
        case "declare_category": return try category(&json).map { [$0] } ?? []
        case "declare_document": return try document(&json).map { [$0] } ?? []
        default:
            let version = try json.integer()
            guard version == 1 else { throw json.error("it was written by a newer version of Topsail") }
            return []
        }
    }

    private static func sae(_ json: inout JSONPull) throws -> SAERecord? {
        guard try json.beginMembers() else { return nil }
        var record = SAERecord(name: "", model: nil, hook: nil, architecture: "unknown", dIn: 0, dSAE: 1)
        var collection = CollectionFacts(corpus: "", countedTokens: 0, contextLength: 0, excludedTokens: "")
        while let name = try json.nextName() {
            switch name {
            case "name": record.name = try json.text() ?? ""
            case "model": record.model = try json.text()
            case "hook": record.hook = try json.text().flatMap { HookPoint($0) }
            case "architecture": record.architecture = try json.text() ?? record.architecture
            case "d_in": record.dIn = max(0, try json.integer() ?? 0)
            case "d_sae": record.dSAE = try json.integer() ?? 1
            case "k": record.k = try json.integer()
            case "path": record.path = try json.text()
            case "sha256": record.sha256 = try json.text()
            case "default": record.isDefault = try json.bool() ?? false
            case "metrics":
                guard try json.beginMembers() else { continue }
                while let metric = try json.nextName() {
                    let key = try json.decoded(metric)
                    record.metrics[key] = try json.finite()
                }
            case "corpus": collection.corpus = try json.text() ?? ""
            case "counted_tokens": collection.countedTokens = try json.integer() ?? 0
            case "context_length": collection.contextLength = try json.integer() ?? 0
            case "excluded_tokens": collection.excludedTokens = try json.text() ?? ""
            default: try json.skip()
            }
        }
        if !collection.corpus.isEmpty { record.collection = collection }
        return record.name.isEmpty ? nil : record
    }

    private static func list(_ json: inout JSONPull) throws -> ImportedDeclaration? {
        let texts = try self.texts(&json)
        return texts["name"].map { .list(name: $0, description: texts["description"] ?? "") }
    }

    private static func category(_ json: inout JSONPull) throws -> ImportedDeclaration? {
        let texts = try self.texts(&json)
        return texts["slug"].map {
            .category(
                slug: $0, parent: texts["parent"], label: texts["label"] ?? $0, description: texts["description"],
                isOwn: texts["own"] != nil)
        }
    }

    private static func document(_ json: inout JSONPull) throws -> ImportedDeclaration? {
        guard try json.beginMembers() else { return nil }
        var document = CorpusDocument(number: -1, tokens: [])
        var corpus: String?
        while let name = try json.nextName() {
            switch name {
            case "corpus": corpus = try json.text()
            case "number": document.number = try json.integer() ?? -1
            case "topic": document.topic = try json.text()
            case "ids":
                guard try json.beginList() else { continue }
                while try json.nextElement() {
                    document.tokens.append(try json.integer().flatMap { TokenID(exactly: $0) } ?? -1)
                }
            default: try json.skip()
            }
        }
        return corpus.map { .document(corpus: $0, document) }
    }

    private static func texts(_ json: inout JSONPull) throws -> [String: String] {
        guard try json.beginMembers() else { return [:] }
        var texts: [String: String] = [:]
        while let name = try json.nextName() {
            let key = try json.decoded(name)
            texts[key] = try json.text()
        }
        return texts
    }
}
