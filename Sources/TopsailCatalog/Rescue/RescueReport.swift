/// What became of a damaged catalog's tables.
public struct RescueReport: Sendable, Hashable {
    /// One table.
    public struct Table: Sendable, Hashable {
        public let name: String
        /// Whether a person wrote it.
        public let isHuman: Bool
        /// Rows in the new file.
        public var saved = 0
        /// Rows of a person's that were lost in the table and taken from the journal.
        public var restored = 0
        /// What was lost, in words: `neurons 14_200 to 14_231`.
        public var lost: [String] = []
    }

    public internal(set) var tables: [Table] = []

    /// Tables that lost something or had to be restored.
    public var damaged: [Table] { tables.filter { !$0.lost.isEmpty || $0.restored > 0 } }

    mutating func note(_ lost: String, in table: String) {
        if let index = tables.firstIndex(where: { $0.name == table }) { tables[index].lost.append(lost) }
    }
}
