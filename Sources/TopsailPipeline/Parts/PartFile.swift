import Foundation
import TopsailCore
import TopsailFiles
import TopsailTensor

/// A part on disk: what one shard collected, finished or as far as it is.
///
/// The magic line, the length of the header, the header as JSON, each SAE's collection and held-out features, and a SHA-256
/// of all that. Equal collections have equal bytes.
public enum PartFile {
    private static let magic = Array("TOPSAIL PART 1\n".utf8)
    /// What all versions begin with.
    private static let anyVersion = Array("TOPSAIL PART ".utf8)

    /// Whether a file begins as parts do.
    public static func isPart(path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        let start = (try? file.read(upToCount: anyVersion.count)) ?? Data()
        return Array(start) == anyVersion
    }

    /// Replaces what was at the path when all is written.
    static func write(_ header: PartHeader, _ results: [CollectionRun.Result], to path: String) throws {
        var encoder = try PartEncoder(path: path)
        try encoder.write(bytes: magic)
        let json = JSONEncoder()
        json.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = try json.encode(header)
        try encoder.write(text.count)
        try encoder.write(bytes: text)
        try encoder.write(results.count)
        for result in results {
            try encoder.write(result.collection)
            try encoder.write(result.heldOut)
        }
        try encoder.finish()
    }

    /// - Parameter like: Results of the same collection with nothing in them: they say how many neurons, topics and tokens
    ///   there are.
    /// - Throws: `PartError`; what opening a file throws.
    static func read(_ path: String, like: [CollectionRun.Result]) throws -> [CollectionRun.Result] {
        var decoder = try open(path, verifies: true)
        _ = try header(&decoder)
        guard try decoder.number() == like.count else { throw decoder.damaged }
        let results = try like.map { empty in
            CollectionRun.Result(
                collection: try decoder.collection(like: empty.collection),
                heldOut: try decoder.heldOut(dSAE: empty.collection.neurons.count), hook: empty.hook)
        }
        guard decoder.isAtEnd else { throw decoder.damaged }
        return results
    }

    /// What a part says of itself; the rest of it is not looked at.
    ///
    /// - Throws: `PartError`; what opening a file throws.
    public static func header(_ path: String) throws -> PartHeader {
        var decoder = try open(path, verifies: false)
        return try header(&decoder)
    }

    private static func open(_ path: String, verifies: Bool) throws -> PartDecoder {
        guard isPart(path: path) else {
            // A file that is not there is told as such.
            _ = try MappedFile(path: path)
            throw PartError.notAPart(path: path)
        }
        return try PartDecoder(path: path, verifies: verifies)
    }

    private static func header(_ decoder: inout PartDecoder) throws -> PartHeader {
        guard try decoder.bytes(magic.count) == magic else { throw PartError.otherVersion(path: decoder.path) }
        let count = try decoder.count()
        guard let header = try? JSONDecoder().decode(PartHeader.self, from: Data(decoder.bytes(count))) else {
            throw decoder.damaged
        }
        return header
    }
}
