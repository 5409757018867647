import GRDB

/// One value of a person's that can be read, set and taken away. Everything a person does to the catalog, undoing
/// included, is setting some of these.
struct AnnotationTarget: Hashable {
    let field: JournalChange.Field
    /// Row id of the neuron; `nil` for a list, category or saved query itself.
    var neuron: Int64?
    /// Slug of the tag or category, or name of the list or saved query.
    var name: String?
}

/// Reads and sets the values of annotation targets in a person's tables.
struct Annotations {
    let db: Database

    init(_ db: Database) { self.db = db }

    func value(of target: AnnotationTarget) throws -> String? {
        switch target.field {
        case .tag:
            let sql = "SELECT stance FROM human_tag WHERE neuron_id = ? AND category_id = ?"
            return try String.fetchOne(db, sql: sql, arguments: [target.neuron, try category(target)])
        case .explanation:
            return try text("human_explanation", target)
        case .note:
            return try text("human_note", target)
        case .rating:
            let sql = "SELECT CAST(stars AS TEXT) FROM human_rating WHERE neuron_id = ?"
            return try String.fetchOne(db, sql: sql, arguments: [target.neuron])
        case .category:
            return try OwnCategories(db).find(target.name ?? "")?.stored
        case .list:
            return try String.fetchOne(db, sql: "SELECT description FROM list WHERE name = ?", arguments: [target.name])
        case .query:
            return try String.fetchOne(
                db, sql: "SELECT text FROM saved_query WHERE name = ?", arguments: [target.name])
        case .listMember:
            let sql = "SELECT 'added' FROM list_member WHERE list_id = ? AND neuron_id = ?"
            return try String.fetchOne(db, sql: sql, arguments: [try list(target), target.neuron])
        }
    }

    /// - Parameter value: `nil` takes it away.
    func set(_ target: AnnotationTarget, to value: String?) throws {
        switch target.field {
        case .tag:
            let key: [(any DatabaseValueConvertible)?] = [target.neuron, try category(target)]
            try replace("human_tag", ["neuron_id", "category_id"], key, "stance", value)
        case .explanation:
            try replace("human_explanation", ["neuron_id"], [target.neuron], "text", value)
            // What scorers made of the words that stood there before says nothing about these.
            let sql = "DELETE FROM explanation_score WHERE neuron_id = ? AND source = 'human'"
            try db.execute(sql: sql, arguments: [target.neuron])
        case .note:
            try replace("human_note", ["neuron_id"], [target.neuron], "text", value)
        case .rating:
            try replace("human_rating", ["neuron_id"], [target.neuron], "stars", value.flatMap(Int.init))
        case .category:
            try OwnCategories(db).set(target.name ?? "", to: value)
        case .list:
            try setList(target, to: value)
        case .query:
            try setQuery(target, to: value)
        case .listMember:
            let sql =
                value == nil
                ? "DELETE FROM list_member WHERE list_id = ? AND neuron_id = ?"
                : "INSERT OR IGNORE INTO list_member(list_id, neuron_id) VALUES (?, ?)"
            try db.execute(sql: sql, arguments: [try list(target), target.neuron])
        }
    }

    private func setList(_ target: AnnotationTarget, to value: String?) throws {
        guard let value else {
            return try db.execute(sql: "DELETE FROM list WHERE name = ?", arguments: [target.name])
        }
        let sql = """
            INSERT INTO list(name, description) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET description = excluded.description
            """
        try db.execute(sql: sql, arguments: [target.name, value])
    }

    private func setQuery(_ target: AnnotationTarget, to value: String?) throws {
        guard let value else {
            return try db.execute(sql: "DELETE FROM saved_query WHERE name = ?", arguments: [target.name])
        }
        let sql = """
            INSERT INTO saved_query(name, text) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET text = excluded.text
            """
        try db.execute(sql: sql, arguments: [target.name, value])
    }

    private func text(_ table: String, _ target: AnnotationTarget) throws -> String? {
        try String.fetchOne(db, sql: "SELECT text FROM \(table) WHERE neuron_id = ?", arguments: [target.neuron])
    }

    private func replace(
        _ table: String, _ keyColumns: [String], _ key: [(any DatabaseValueConvertible)?], _ column: String,
        _ value: (any DatabaseValueConvertible)?
    ) throws {
        guard let value else {
            let condition = keyColumns.map { "\($0) = ?" }.joined(separator: " AND ")
            return try db.execute(sql: "DELETE FROM \(table) WHERE \(condition)", arguments: StatementArguments(key))
        }
        let columns = (keyColumns + [column]).joined(separator: ", ")
        let marks = Array(repeating: "?", count: key.count + 1).joined(separator: ", ")
        try db.execute(
            sql: "INSERT OR REPLACE INTO \(table)(\(columns)) VALUES (\(marks))",
            arguments: StatementArguments(key + [value]))
    }

    private func category(_ target: AnnotationTarget) throws -> Int64 {
        try CategoryTable(db).id(of: target.name ?? "")
    }

    private func list(_ target: AnnotationTarget) throws -> Int64 { try ListTable(db).id(of: target.name ?? "") }
}
