/// What was entered before, oldest first, and the draft that is put aside while looking back.
public struct InputHistory: Sendable, Hashable {
    public private(set) var entries: [String]
    private let limit: Int
    /// The entry on show; `nil` while the draft is.
    private var index: Int?
    private var draft = ""

    public init(_ entries: [String] = [], limit: Int = 200) {
        self.limit = max(1, limit)
        self.entries = Array(entries.suffix(self.limit))
    }

    /// Keeps an entry and ends looking back. Empty texts and repetitions of the last entry are left out.
    public mutating func record(_ text: String) {
        index = nil
        guard !text.isEmpty, text != entries.last else { return }
        entries.append(text)
        entries.removeFirst(max(0, entries.count - limit))
    }

    /// What is worth keeping on disk: the newest entries, each once, that fit into the room there is.
    ///
    /// - Parameters:
    ///   - count: Entries at most.
    ///   - bytes: Of their UTF-8 together. An entry that alone is larger is left out.
    /// - Returns: Oldest first.
    public static func newest(of entries: [String], count: Int, bytes: Int) -> [String] {
        var seen: Set<String> = []
        var kept: [String] = []
        var room = bytes
        for entry in entries.reversed() where kept.count < count && entry.utf8.count <= bytes {
            guard seen.insert(entry).inserted else { continue }
            guard entry.utf8.count <= room else { break }
            room -= entry.utf8.count
            kept.append(entry)
        }
        return kept.reversed()
    }

    /// The entry before the one on show; `nil` when there is none.
    mutating func previous(from current: String) -> String? {
        if index == nil { draft = current }
        let target = (index ?? entries.count) - 1
        guard target >= 0 else { return nil }
        index = target
        return entries[target]
    }

    /// The entry after the one on show, and the draft after the last; `nil` when the draft is on show.
    mutating func next() -> String? {
        guard let current = index else { return nil }
        index = current + 1 < entries.count ? current + 1 : nil
        return index.map { entries[$0] } ?? draft
    }
}
