/// The tables whose rows are worth saving, and how they are walked.
struct CatalogTable: Sendable, Hashable {
    enum Key: Sendable, Hashable {
        /// The column is a neuron's row id.
        case neuron(String)
        /// The column counts up from 0 or 1.
        case number(String)

        var column: String {
            switch self {
            case .neuron(let column), .number(let column): column
            }
        }
    }

    let name: String
    /// The first column of the primary key, by which rows are found.
    let key: Key
    /// Whether several rows may have the same key.
    var repeatsKey = false
    /// Whether a person wrote it.
    var isHuman = false

    /// In the order in which they are saved: a person's first.
    static let all = human + named + derived

    private static let human = [
        CatalogTable(name: "human_tag", key: .neuron("neuron_id"), repeatsKey: true, isHuman: true),
        CatalogTable(name: "human_explanation", key: .neuron("neuron_id"), isHuman: true),
        CatalogTable(name: "human_note", key: .neuron("neuron_id"), isHuman: true),
        CatalogTable(name: "human_rating", key: .neuron("neuron_id"), isHuman: true),
        CatalogTable(name: "list", key: .number("id"), isHuman: true),
        CatalogTable(name: "list_member", key: .number("list_id"), repeatsKey: true, isHuman: true),
        CatalogTable(name: "saved_query", key: .number("id"), isHuman: true),
        CatalogTable(name: "journal_step", key: .number("id"), isHuman: true),
        CatalogTable(name: "journal_change", key: .number("step_id"), repeatsKey: true, isHuman: true),
    ]

    /// What other rows refer to.
    private static let named = [
        CatalogTable(name: "model", key: .number("id")),
        CatalogTable(name: "sae", key: .number("id")),
        CatalogTable(name: "category", key: .number("id")),
        CatalogTable(name: "corpus", key: .number("id")),
    ]

    private static let derived = [
        CatalogTable(name: "corpus_document", key: .number("id")),
        CatalogTable(name: "corpus_token", key: .number("corpus_id"), repeatsKey: true),
        CatalogTable(name: "neuron", key: .neuron("id")),
        CatalogTable(name: "neuron_evidence", key: .neuron("neuron_id")),
        CatalogTable(name: "explanation", key: .neuron("neuron_id"), repeatsKey: true),
        CatalogTable(name: "explanation_score", key: .neuron("neuron_id"), repeatsKey: true),
        CatalogTable(name: "derived_tag", key: .neuron("neuron_id"), repeatsKey: true),
        CatalogTable(name: "import_run", key: .number("id")),
    ]
}
