import TopsailCore

/// Why the catalog could not do what it was asked.
public struct CatalogError: UserFacingError, Hashable {
    public enum Reason: Sendable, Hashable {
        /// The file could not be opened; `why` is SQLite's sentence.
        case cannotOpen(path: String, why: String)
        /// The file is something else than a Topsail catalog.
        case notACatalog(path: String)
        /// The file is a catalog whose pages or records are broken.
        case damaged(path: String, what: String)
        /// A newer program has changed the schema.
        case newerVersion(path: String)
        /// An older program wrote the file, and it was opened without permission to bring it up to date.
        case olderVersion(path: String)
        case readOnly(path: String)
        /// Another program kept the catalog locked for longer than the busy timeout.
        case busy(path: String)
        case diskFull(path: String)
        /// The operating system would not read or write the file.
        case inputOutput(path: String, what: String)
        /// Anything else that SQLite reports.
        case database(path: String, message: String)

        case badNeuronName(String)
        case unknownNeuron(String, exists: String)
        case ambiguousNeuron(String, candidates: [String])
        case unknownCategory(String, nearest: [String])
        case unknownSAE(String, known: [String])
        case unknownCorpus(String, known: [String])
        case unknownList(String, known: [String])
        case listExists(String)
        case unknownQuery(String, known: [String])
        case categoryExists(String)
        /// A category that is part of the taxonomy and not a person's own.
        case categoryNotOwn(String)
        /// A category that neurons are tagged with, or that has concepts below it.
        case categoryInUse(String, by: String)
        case badTaxonomy(path: String, problem: String)
        /// A value that the catalog will not store.
        case invalid(what: String, problem: String)
    }

    public var reason: Reason

    public init(_ reason: Reason) { self.reason = reason }

    public var description: String {
        switch reason {
        case .cannotOpen(let path, let why): "cannot open the catalog \(path): \(why)"
        case .notACatalog(let path): "\(path) is not a Topsail catalog"
        case .damaged(let path, let what): "the catalog \(path) is damaged: \(what)"
        case .newerVersion(let path): "the catalog \(path) was written by a newer version of Topsail"
        case .olderVersion(let path): "the catalog \(path) was written by an older version of Topsail"
        case .readOnly(let path): "the catalog \(path) cannot be written to"
        case .busy(let path): "the catalog \(path) is in use by another program that does not let go of it"
        case .diskFull(let path): "no space is left for the catalog \(path)"
        case .inputOutput(let path, let what): "the catalog \(path) cannot be \(what)"
        case .database(let path, let message): "the catalog \(path) failed: \(message)"
        case .badNeuronName(let text): "“\(PrintableText.printable(text))” is not the name of a neuron"
        case .unknownNeuron(let text, let exists): "no neuron \(PrintableText.printable(text)): \(exists)"
        case .ambiguousNeuron(let text, let candidates): "\(text) may be \(candidates.joined(separator: " or "))"
        case .unknownCategory(let slug, _): "no category “\(PrintableText.printable(slug))” in the taxonomy"
        case .unknownSAE(let name, let known): Self.unknown("SAE", name, known)
        case .unknownCorpus(let name, let known): Self.unknown("corpus", name, known)
        case .unknownList(let name, let known): Self.unknown("list", name, known)
        case .unknownQuery(let name, let known): Self.unknown("saved query", name, known)
        case .listExists(let name): "a list “\(PrintableText.printable(name))” exists already"
        case .categoryExists(let slug): "a category “\(slug)” exists already"
        case .categoryNotOwn(let slug): "the category “\(slug)” is part of the taxonomy and cannot be removed"
        case .categoryInUse(let slug, let users): "the category “\(slug)” is in use: \(users)"
        case .badTaxonomy(let path, let problem): "the taxonomy \(path) cannot be used: \(problem)"
        case .invalid(let what, let problem): "\(PrintableText.printable(what)) cannot be stored: \(problem)"
        }
    }

    public var hint: String? {
        switch reason {
        case .newerVersion: "update Topsail, or choose another workspace with --workspace"
        case .olderVersion: "open it once for writing to bring it up to date"
        case .damaged: "topsail catalog check lists what is broken; topsail catalog backup DEST saves what can be read"
        case .diskFull: "make room and try again; nothing was changed"
        case .inputOutput: "look at the disk, at its quota and at limits on the size of files (ulimit -f)"
        case .readOnly: "check the permissions of the file and of its folder"
        case .badNeuronName: "write layer_index (14_1424) or sae-name/index"
        case .ambiguousNeuron: "use one of the full names"
        case .unknownCategory(_, let nearest) where !nearest.isEmpty: "did you mean \(nearest.joined(separator: ", "))?"
        case .categoryInUse: "take it off them first: topsail tag remove NEURON SLUG"
        case .unknownCategory: "`topsail categories` lists them"
        default: nil
        }
    }

    private static func unknown(_ kind: String, _ name: String, _ known: [String]) -> String {
        let shown = known.prefix(8).map { PrintableText.printable($0) }.joined(separator: ", ")
        let rest = known.count > 8 ? " and \(known.count - 8) more" : ""
        let exists = known.isEmpty ? "the catalog has none" : "there are \(shown)\(rest)"
        return "no \(kind) “\(PrintableText.printable(name))”: \(exists)"
    }
}
