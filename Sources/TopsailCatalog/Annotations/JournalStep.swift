import Foundation
import GRDB

/// A step of the journal that grows while its changes come, for steps too large to be gathered first.
///
/// The caller brings derived values up to date with `Combine` afterwards.
final class JournalStep {
    private let db: Database
    private var id: Int64?
    private var position = 0

    init(_ db: Database) { self.db = db }

    /// Sets a value that is not what it should be, and writes down what it was.
    func set(_ target: AnnotationTarget, to value: String?) throws {
        let annotations = Annotations(db)
        let before = try annotations.value(of: target)
        guard before != value else { return }
        let step = try id ?? begin()
        id = step
        try annotations.set(target, to: value)
        try db.cachedStatement(
            sql: """
                INSERT INTO journal_change(step_id, position, field, neuron_id, name, before, after)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [step, position, target.field.rawValue, target.neuron, target.name, before, value])
        position += 1
    }

    /// What comes next is a step of its own.
    func finish() { id = nil }

    private func begin() throws -> Int64 {
        try db.execute(sql: "UPDATE journal_step SET state = 'abandoned' WHERE state = 'undone'")
        try db.execute(
            sql: "INSERT INTO journal_step(at, state) VALUES (?, 'done')", arguments: [Date().timeIntervalSince1970])
        return db.lastInsertedRowID
    }
}
