import Foundation

/// A two-level tree of categories that neurons are tagged with: domains and their concepts.
///
/// The JSON form is `{"version", "name", "schemes", "domains": [{"id", "label", "description", "concepts": […]}]}`; a
/// concept's `map` says what the same thing is called in other people's schemes.
public struct Taxonomy: Sendable, Hashable, Codable {
    public var version: Int
    public var name: String
    /// Titles of the foreign schemes that concepts are mapped to, by their key.
    public var schemes: [String: String]?
    public var domains: [Domain]

    /// A top-level category.
    public struct Domain: Sendable, Hashable, Codable {
        /// The slug: `violence`.
        public var id: String
        public var label: String
        public var description: String?
        public var concepts: [Concept]
        /// The domain's name in Safe-SAIL, where it has one.
        public var safeSail: String?

        enum CodingKeys: String, CodingKey {
            case id, label, description, concepts
            case safeSail = "safe_sail"
        }
    }

    /// A category under a domain.
    public struct Concept: Sendable, Hashable, Codable {
        /// The slug, which starts with the domain's: `violence.threat`.
        public var id: String
        public var label: String
        public var description: String?
        /// Names of the same thing in foreign schemes, by the scheme's key.
        public var map: [String: [String]]?
    }

    /// Reads the JSON form.
    ///
    /// - Parameters:
    ///   - data: Contents of the file.
    ///   - path: Named in the error.
    public static func decode(_ data: Data, path: String) throws(CatalogError) -> Taxonomy {
        let taxonomy: Taxonomy
        do {
            taxonomy = try JSONDecoder().decode(Taxonomy.self, from: data)
        } catch {
            throw CatalogError(.badTaxonomy(path: path, problem: Self.sentence(for: error)))
        }
        if let problem = taxonomy.firstProblem { throw CatalogError(.badTaxonomy(path: path, problem: problem)) }
        return taxonomy
    }

    /// What is wrong with the slugs, if anything is: each is unique, and lower case words joined by `_`, `-` or `.`.
    var firstProblem: String? {
        var seen: Set<String> = []
        for domain in domains {
            for slug in [domain.id] + domain.concepts.map(\.id) {
                if !Self.isSlug(slug) { return "“\(slug)” is not a slug (lower-case letters, digits, `_`, `-`, `.`)" }
                if !seen.insert(slug).inserted { return "the slug \(slug) appears twice" }
            }
        }
        return nil
    }

    static func isSlug(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128
            && text.utf8.allSatisfy { byte in
                switch UInt8(byte) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
                default: false
                }
            }
    }

    private static func sentence(for error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
            return path.isEmpty ? "the top level" : path
        }
        return switch error {
        case DecodingError.keyNotFound(let key, let context): "\(place(context)) has no “\(key.stringValue)”"
        case DecodingError.typeMismatch(let type, let context): "\(place(context)) is not of type \(type)"
        case DecodingError.valueNotFound(_, let context): "\(place(context)) is null"
        default: "it is not JSON"
        }
    }
}
