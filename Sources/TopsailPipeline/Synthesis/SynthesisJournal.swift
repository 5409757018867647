import Foundation
import TopsailFiles

/// Everything sampled so far, one line a text, so that a run that was ended goes on where it stopped.
final class SynthesisJournal {
    /// What the texts depend on; a journal of other settings must not be continued.
    struct Header: Hashable, Codable {
        var modelSHA256: String
        var seedsSHA256: String
        var options: SynthesisOptions
    }

    /// A sampled text before any filter.
    struct Entry: Codable {
        /// Place in the plan.
        var index: Int
        /// What the model wrote.
        var text: String
    }

    let path: String
    private(set) var entries: [Int: String] = [:]
    private let file: FileHandle

    /// Opens a journal, or begins one.
    ///
    /// A last line without its end was being written when the run ended; it is dropped.
    ///
    /// - Throws: `PipelineError.otherSettings`, or what reading and writing throw.
    init(path: String, header: Header) throws {
        self.path = path
        // More texts of the same kind may be asked for later.
        var header = header
        header.options.targetTokens = 0
        header.options.rounds = 0
        let existing = FileManager.default.contents(atPath: path) ?? Data()
        let whole = existing.lastIndex(of: UInt8(ascii: "\n")).map { existing[...$0] } ?? Data()
        if !whole.isEmpty {
            let end = whole.firstIndex(of: UInt8(ascii: "\n"))!
            guard (try? JSONDecoder().decode(Header.self, from: whole[..<end])) == header else {
                throw PipelineError.otherSettings(journal: path)
            }
            for entry in try JSONLines.decode(Entry.self, from: Data(whole[(end + 1)...]), path: path) {
                entries[entry.index] = entry.text
            }
        } else {
            try AtomicFile.write(JSONLines.line(header), to: path)
        }
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            throw FileFormatError(path: path, reason: .unwritable(errno: errno))
        }
        self.file = file
        if !whole.isEmpty { try file.truncate(atOffset: UInt64(whole.count)) }
        try file.seekToEnd()
    }

    func append(_ entry: Entry) throws {
        try file.write(contentsOf: JSONLines.line(entry))
        entries[entry.index] = entry.text
    }
}
