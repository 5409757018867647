import GRDB
import TopsailCore

/// Gathers the work of the people behind several catalogs, and makes it one step of the journal.
struct MergedAnnotations {
    private let db: Database
    private var wanted: [(target: AnnotationTarget, value: String?)] = []
    /// What is wanted so far, so that parts that differ among themselves are noticed.
    private var values: [AnnotationTarget: String] = [:]
    /// How many of the present part are new.
    private var taken = 0

    init(_ db: Database) { self.db = db }

    /// Adds one part's. What differs from ours, or from an earlier part's, is a conflict of `rows`.
    mutating func gather(_ rows: inout MergedRows) throws {
        let directory = try SAEDirectory(db)
        try takeCategories(&rows, directory)
        let key = "((m.ours << 32) | (t.neuron_id & 4294967295))"
        func from(_ table: String) -> String {
            "FROM PART.\(table) t JOIN MAP_sae m ON m.theirs = t.neuron_id >> 32"
        }
        let order = "ORDER BY t.neuron_id"
        let tags =
            "SELECT \(key), c.slug, t.stance \(from("human_tag")) JOIN PART.category c ON c.id = t.category_id \(order)"
        for row in try rows.rows(tags) {
            try take(AnnotationTarget(field: .tag, neuron: row[0], name: row[1]), row[2], &rows, directory)
        }
        for (field, table, column) in [
            (JournalChange.Field.explanation, "human_explanation", "text"), (.note, "human_note", "text"),
            (.rating, "human_rating", "stars"),
        ] {
            for row in try rows.rows("SELECT \(key), CAST(t.\(column) AS TEXT) \(from(table)) \(order)") {
                try take(AnnotationTarget(field: field, neuron: row[0]), row[1], &rows, directory)
            }
        }
        for row in try rows.rows("SELECT name, description FROM PART.list ORDER BY id") {
            try take(AnnotationTarget(field: .list, name: row[0]), row[1], &rows, directory)
        }
        for row in try rows.rows("SELECT name, text FROM PART.saved_query ORDER BY id") {
            try take(AnnotationTarget(field: .query, name: row[0]), row[1], &rows, directory)
        }
        let members =
            "SELECT \(key), l.name \(from("list_member")) JOIN PART.list l ON l.id = t.list_id ORDER BY l.id, t.neuron_id"
        for row in try rows.rows(members) {
            try take(AnnotationTarget(field: .listMember, neuron: row[0], name: row[1]), "added", &rows, directory)
        }
        rows.part.annotations = taken
        taken = 0
    }

    /// Makes the changes, if there are any.
    func perform() throws { _ = try Journal(db).perform(wanted) }

    private mutating func takeCategories(_ rows: inout MergedRows, _ directory: SAEDirectory) throws {
        let sql = """
            SELECT c.slug, c.label, p.slug, c.description FROM PART.category c
            LEFT JOIN PART.category p ON p.id = c.parent_id WHERE c.is_own ORDER BY c.parent_id IS NOT NULL, c.position
            """
        for row in try rows.rows(sql) {
            let category = OwnCategory(slug: row[0], label: row[1], parent: row[2], description: row[3])
            let here = "SELECT 1 FROM category WHERE slug = ? AND is_own = 0"
            // A category of that name in the taxonomy means the same to whoever reads the catalog.
            if try Bool.fetchOne(db, sql: here, arguments: [category.slug]) != nil { continue }
            try take(AnnotationTarget(field: .category, name: category.slug), category.stored, &rows, directory)
        }
    }

    private mutating func take(
        _ target: AnnotationTarget, _ value: String, _ rows: inout MergedRows, _ directory: SAEDirectory
    ) throws {
        if let current = try values[target] ?? current(of: target) {
            guard current != value else { return }
            let (ours, theirs) = (Self.shown(current, target), Self.shown(value, target))
            return rows.conflict(Self.subject(target, directory), ours: ours, theirs: theirs)
        }
        values[target] = value
        wanted.append((target, value))
        taken += 1
    }

    /// What stands here. A list or category that is itself only about to come has no members and tags yet.
    private func current(of target: AnnotationTarget) throws -> String? {
        switch target.field {
        case .tag:
            let find = "SELECT 1 FROM category WHERE slug = ?"
            if try Bool.fetchOne(db, sql: find, arguments: [target.name]) == nil { return nil }
        case .listMember:
            if try ListTable(db).find(target.name ?? "") == nil { return nil }
        default: break
        }
        return try Annotations(db).value(of: target)
    }

    private static func shown(_ value: String, _ target: AnnotationTarget) -> String {
        target.field == .category ? OwnCategory(stored: value)?.label ?? value : value
    }

    private static func subject(_ target: AnnotationTarget, _ directory: SAEDirectory) -> String {
        let neuron = target.neuron.map { directory.name(of: NeuronKey(rowID: $0)).description } ?? ""
        let name = target.name ?? ""
        return switch target.field {
        case .tag: "tag \(name) on \(neuron)"
        case .explanation: "explanation of \(neuron)"
        case .note: "note on \(neuron)"
        case .rating: "rating of \(neuron)"
        case .list: "description of the list \(name)"
        case .query: "saved query \(name)"
        case .listMember: "\(neuron) in the list \(name)"
        case .category: "category \(name)"
        }
    }
}
