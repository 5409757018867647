import Foundation
import GRDB
import TopsailCore

/// Makes a person's changes and remembers them, so that each step can be undone and redone, now or in a week.
struct Journal {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// Sets several values as one step.
    ///
    /// - Returns: `false` when every value was what it should be already; then there is no step.
    func perform(_ wanted: [(target: AnnotationTarget, value: String?)]) throws -> Bool {
        let annotations = Annotations(db)
        var changes: [Change] = []
        for (target, value) in wanted {
            let before = try annotations.value(of: target)
            guard before != value else { continue }
            try annotations.set(target, to: value)
            changes.append(Change(target: target, before: before, after: value))
        }
        guard !changes.isEmpty else { return false }
        try db.execute(sql: "UPDATE journal_step SET state = 'abandoned' WHERE state = 'undone'")
        try db.execute(
            sql: "INSERT INTO journal_step(at, state) VALUES (?, 'done')", arguments: [Date().timeIntervalSince1970])
        try record(changes, step: db.lastInsertedRowID)
        try combine(changes)
        return true
    }

    /// Takes back the latest step that is in force. Returns its id, or `nil` when there is none.
    func undo() throws -> Int64? {
        guard let step = try step("SELECT max(id) FROM journal_step WHERE state = 'done'") else { return nil }
        let changes = try changes(of: step)
        for change in changes.reversed() { try Annotations(db).set(change.target, to: change.before) }
        try finish(step, "undone", changes)
        return step
    }

    /// Brings back the step that was undone last. Returns its id, or `nil` when there is none.
    func redo() throws -> Int64? {
        guard let step = try step("SELECT min(id) FROM journal_step WHERE state = 'undone'") else { return nil }
        let changes = try changes(of: step)
        for change in changes { try Annotations(db).set(change.target, to: change.after) }
        try finish(step, "done", changes)
        return step
    }

    /// Entries of the given step, or the latest ones, newest first.
    func entries(step: Int64? = nil, limit: Int, _ directory: SAEDirectory) throws -> [JournalEntry] {
        let sql = "SELECT id, at, state FROM journal_step WHERE id = ? OR ? IS NULL ORDER BY id DESC LIMIT ?"
        return try Row.fetchAll(db, sql: sql, arguments: [step, step, limit]).map { row in
            let id: Int64 = row["id"]
            return JournalEntry(
                id: id, date: Date(timeIntervalSince1970: row["at"]),
                state: JournalEntry.State(rawValue: row["state"]) ?? .abandoned,
                changes: try changes(of: id).map { change in
                    JournalChange(
                        field: change.target.field,
                        neuron: change.target.neuron.map { directory.name(of: NeuronKey(rowID: $0)) },
                        name: change.target.name, before: Self.shown(change.before, change.target.field),
                        after: Self.shown(change.after, change.target.field))
                })
        }
    }

    /// What the steps that are in force made of each target, the last word on each.
    func finalValues() throws -> [(target: AnnotationTarget, value: String?)] {
        let steps = try Int64.fetchAll(db, sql: "SELECT id FROM journal_step WHERE state = 'done' ORDER BY id")
        var values: [AnnotationTarget: String?] = [:]
        var order: [AnnotationTarget] = []
        for change in try steps.flatMap(changes(of:)) {
            if values.updateValue(change.after, forKey: change.target) == nil { order.append(change.target) }
        }
        return order.map { ($0, values[$0] ?? nil) }
    }

    // MARK: Helpers

    private struct Change {
        let target: AnnotationTarget
        let before: String?
        let after: String?
    }

    /// What people see of a value.
    private static func shown(_ value: String?, _ field: JournalChange.Field) -> String? {
        field == .category ? value.flatMap { OwnCategory(stored: $0)?.label } : value
    }

    private func step(_ sql: String) throws -> Int64? { try Int64.fetchOne(db, sql: sql) }

    private func finish(_ step: Int64, _ state: String, _ changes: [Change]) throws {
        try db.execute(sql: "UPDATE journal_step SET state = ? WHERE id = ?", arguments: [state, step])
        try combine(changes)
    }

    private func record(_ changes: [Change], step: Int64) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO journal_change(step_id, position, field, neuron_id, name, before, after)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for (position, change) in changes.enumerated() {
            try statement.execute(arguments: [
                step, position, change.target.field.rawValue, change.target.neuron, change.target.name, change.before,
                change.after,
            ])
        }
    }

    private func changes(of step: Int64) throws -> [Change] {
        let sql = "SELECT field, neuron_id, name, before, after FROM journal_change WHERE step_id = ? ORDER BY position"
        return try Row.fetchAll(db, sql: sql, arguments: [step]).compactMap { row in
            guard let field = JournalChange.Field(rawValue: row["field"]) else { return nil }
            let target = AnnotationTarget(field: field, neuron: row["neuron_id"], name: row["name"])
            return Change(target: target, before: row["before"], after: row["after"])
        }
    }

    private func combine(_ changes: [Change]) throws {
        for neuron in Set(changes.compactMap(\.target.neuron)) { try Combine(db, neuron...neuron).run() }
    }
}
