import Foundation
import TopsailCore

/// One step that a person took, as it is undone and redone: usually one change, sometimes several made together.
public struct JournalEntry: Sendable, Hashable, Identifiable {
    /// Rises with time.
    public let id: Int64
    public let date: Date
    public let state: State
    public let changes: [JournalChange]

    public enum State: String, Sendable, Hashable, Codable {
        /// In force.
        case done
        /// Undone, and can be redone.
        case undone
        /// Undone, and something else was done afterwards; it stays in the log but cannot come back.
        case abandoned
    }
}

/// One value that a person changed.
public struct JournalChange: Sendable, Hashable {
    public let field: Field
    /// The neuron; `nil` for a change of a list, category or saved query itself.
    public let neuron: NeuronID?
    /// Slug of the tag or category, or name of the list or saved query; `nil` for explanations, notes and ratings.
    public let name: String?
    /// The value before: text for explanations, notes, lists' descriptions and saved queries; `added` or `removed` for tags and
    /// members; a digit for ratings; the label of a category. `nil` when there was none.
    public let before: String?
    /// The value after; `nil` when it was taken away.
    public let after: String?

    public enum Field: String, Sendable, Hashable, Codable {
        case tag, explanation, note, rating, list, category, query
        case listMember = "list_member"

        /// Where the values are.
        var table: String? {
            switch self {
            case .tag: "human_tag"
            case .explanation: "human_explanation"
            case .note: "human_note"
            case .rating: "human_rating"
            case .list: "list"
            case .listMember: "list_member"
            case .query: "saved_query"
            case .category: nil
            }
        }
    }
}
