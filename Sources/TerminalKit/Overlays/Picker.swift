/// A list to type into: the command palette, help, and every choice from more than a few things.
public struct Picker: Sendable, Hashable {
    public struct Item: Sendable, Hashable {
        public var title: String
        /// At the right edge: the key, a count.
        public var note: String
        /// Matched as well, not shown.
        public var keywords: String
        /// Why it cannot be chosen now; drawn faint, and the reason is for the caller to say.
        public var disabledReason: String?

        public init(_ title: String, note: String = "", keywords: String = "", disabledReason: String? = nil) {
            self.title = title
            self.note = note
            self.keywords = keywords
            self.disabledReason = disabledReason
        }
    }

    public enum Outcome: Sendable, Hashable {
        case ignored
        case changed
        /// Index into `items`.
        case chosen(Int)
        case cancelled
    }

    public let items: [Item]
    public private(set) var query = TextEditor(isSingleLine: true)
    public private(set) var cursor = ListCursor()
    /// Indices into `items` of what the query leaves, best first, with the characters of the title to underline.
    public private(set) var shown: [Shown] = []

    public struct Shown: Sendable, Hashable {
        public var item: Int
        public var matches: [Int]
    }

    public init(_ items: [Item], query: String = "") {
        self.items = items
        self.query.text = query
        filter()
    }

    /// The selected item; `nil` when nothing matches.
    public var selection: Int? { shown.indices.contains(cursor.selected) ? shown[cursor.selected].item : nil }

    /// Acts on a key. Letters go to the query, so only arrows and pages move.
    ///
    /// - Parameter height: Rows of the list on show.
    public mutating func handle(_ chord: KeyChord, height: Int) -> Outcome {
        switch chord {
        case "Enter": return selection.map { .chosen($0) } ?? .ignored
        case "Esc": return .cancelled
        case "Down": cursor.move(by: 1, count: shown.count, height: height)
        case "Up": cursor.move(by: -1, count: shown.count, height: height)
        case "PgDn": cursor.move(by: max(1, height - 1), count: shown.count, height: height)
        case "PgUp": cursor.move(by: -max(1, height - 1), count: shown.count, height: height)
        default:
            switch query.handle(chord) {
            case .ignored: return .ignored
            case .moved: break
            case .changed: filter()
            }
        }
        return .changed
    }

    /// Selects the item in a row of the list, counted from the first on show.
    ///
    /// - Returns: Whether there is one.
    public mutating func select(row: Int, height: Int) -> Bool {
        cursor.reveal(count: shown.count, height: height)
        let place = row + cursor.offset
        guard row >= 0, row < height, place < shown.count else { return false }
        cursor.select(place, count: shown.count, height: height)
        return true
    }

    /// Puts the query's cursor where a click fell.
    ///
    /// - Parameter rect: Where the query is typed.
    /// - Returns: `false` when the click fell beside it.
    public mutating func clickQuery(_ position: Position, in rect: Rect) -> Bool { query.click(position, in: rect) }

    public mutating func paste(_ text: String) {
        query.insert(text)
        filter()
    }

    private mutating func filter() {
        let filter = FuzzyFilter(query.text)
        let ranked = filter.rank(items.map { $0.keywords.isEmpty ? $0.title : $0.title + " " + $0.keywords })
        shown = ranked.map { found in
            let length = items[found.index].title.count
            return Shown(item: found.index, matches: found.match.positions.filter { $0 < length })
        }
        cursor = ListCursor()
    }
}
