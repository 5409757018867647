import GRDB
import TopsailCore

/// Puts a person's work from a file into the catalog, where nothing of a person's stands yet. All of it is one step of
/// the journal and can be undone.
final class ImportedPeople {
    private let db: Database
    private let step: JournalStep
    private var lists: Set<String> = []

    init(_ db: Database) throws {
        self.db = db
        step = JournalStep(db)
    }

    func declareList(_ name: String, _ description: String) throws {
        guard Self.isListName(name) else { return }
        lists.insert(name)
        if try ListTable(db).find(name) != nil { return }
        try step.set(AnnotationTarget(field: .list, name: name), to: StoredText.clean(description))
    }

    /// Adds a category that is a person's own.
    func declareCategory(_ category: OwnCategory) throws {
        try step.set(AnnotationTarget(field: .category, name: category.slug), to: category.stored)
    }

    /// - Returns: What was not taken, in words.
    func add(_ person: ImportedPerson, to key: NeuronKey, _ categories: ImportedCategories) throws -> [String] {
        var problems = try addTags(person, key, categories)
        if let explanation = person.explanation, let text = explanation.text {
            if let problem = try add(text, .explanation, key) {
                problems.append(problem)
            } else {
                try add(explanation.scores, key)
            }
        }
        if let note = person.note, let problem = try add(note, .note, key) { problems.append(problem) }
        if let rating = person.rating {
            if (1...5).contains(rating) {
                try fill(AnnotationTarget(field: .rating, neuron: key.rowID), String(rating))
            } else {
                problems.append("a rating is not between 1 and 5")
            }
        }
        for list in person.lists {
            guard Self.isListName(list) else {
                problems.append("the name of a list is blank or holds line breaks")
                continue
            }
            if !lists.contains(list) { try declareList(list, "") }
            try fill(AnnotationTarget(field: .listMember, neuron: key.rowID, name: list), "added")
        }
        return problems
    }

    func finish() { step.finish() }

    private func addTags(
        _ person: ImportedPerson, _ key: NeuronKey, _ categories: ImportedCategories
    ) throws -> [String] {
        var problems: [String] = []
        for (names, stance) in [(person.tags, "added"), (person.rejected, "removed")] {
            for name in names {
                guard let slug = categories.id(of: name).flatMap(categories.slug) else {
                    problems.append("the taxonomy has no category “\(name)”")
                    continue
                }
                try fill(AnnotationTarget(field: .tag, neuron: key.rowID, name: slug), stance)
            }
        }
        return problems
    }

    /// - Returns: A sentence when another text of a person's is there.
    private func add(_ text: String, _ field: JournalChange.Field, _ key: NeuronKey) throws -> String? {
        let text = StoredText.clean(text)
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        let target = AnnotationTarget(field: field, neuron: key.rowID)
        if let present = try Annotations(db).value(of: target) {
            return present == text ? nil : "the catalog has another \(field.rawValue) by a person, which stays"
        }
        try step.set(target, to: text)
        return nil
    }

    private func add(_ scores: [ExplanationScore], _ key: NeuronKey) throws {
        let insert = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO explanation_score(neuron_id, source, scorer, value, samples, low, high, details)
                VALUES (?, 'human', ?, ?, ?, ?, ?, ?)
                """)
        for score in scores where score.value.isFinite {
            try insert.execute(arguments: [
                key.rowID, StoredText.clean(score.scorer), score.value, score.samples, score.low, score.high,
                StoredText.clean(score.details),
            ])
        }
    }

    private func fill(_ target: AnnotationTarget, _ value: String) throws {
        if try Annotations(db).value(of: target) == nil { try step.set(target, to: value) }
    }

    private static func isListName(_ name: String) -> Bool {
        !name.allSatisfy(\.isWhitespace) && !name.contains(where: \.isNewline) && !name.utf8.contains(0)
    }
}
