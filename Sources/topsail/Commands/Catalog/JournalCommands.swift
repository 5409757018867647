import ArgumentParser
import Foundation
import TopsailCatalog
import TopsailEngine

/// `topsail undo`.
struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back your latest change to the catalog.",
        discussion: "Example: topsail undo")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        guard let entry = try common.place.openCatalog().undo() else {
            throw CommandFailure("there is nothing to undo")
        }
        entry.print(common, as: "undone")
    }
}

/// `topsail redo`.
struct RedoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redo", abstract: "Bring back the change that was undone last.",
        discussion: "Example: topsail redo")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        guard let entry = try common.place.openCatalog().redo() else {
            throw CommandFailure("there is nothing to redo")
        }
        entry.print(common, as: "redone")
    }
}

/// `topsail log`.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show what you changed in the catalog, newest first.",
        discussion: "Example: topsail log --limit 10 --json\nWith --json one document a line.")

    @OptionGroup var common: CommonOptions
    @Option(help: "Changes to show at most.") var limit = 100

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit needs a number of 0 or more") }
    }

    func run() async throws {
        for entry in try common.place.openCatalog().log(limit: limit) { entry.print(common, as: entry.state.rawValue) }
    }
}

extension JournalEntry {
    fileprivate func print(_ common: CommonOptions, as state: String) {
        if common.json { return StandardOutput.line(document(state).line) }
        for change in changes {
            let subject = [change.neuron?.description, change.name].compactMap { $0 }.joined(separator: " ")
            Columns.print([
                [
                    timestamp, state,
                    "\(change.field.rawValue) \(subject): \(change.before ?? "–") → \(change.after ?? "–")",
                ]
            ])
        }
    }

    private func document(_ state: String) -> JSONText {
        let changes = changes.map { change in
            JSONText.object([
                "field": change.field.rawValue, "neuron": change.neuron?.description, "name": change.name,
                "before": change.before, "after": change.after,
            ])
        }
        return .object(["id": Int(id), "date": timestamp, "state": state, "changes": changes])
    }

    /// ISO 8601 in UTC.
    private var timestamp: String { date.formatted(.iso8601) }
}
