import TopsailCore

/// One thing that is broken in a catalog.
public struct CatalogDamage: Sendable, Hashable, CustomStringConvertible {
    /// Name of the table, where one is known.
    public var table: String?
    /// Number of the page within the file, from 1.
    public var page: Int?
    public var sae: String?
    public var neuron: NeuronID?
    /// The blob or value.
    public var column: String?
    /// What is wrong, in one sentence.
    public var description: String

    init(
        _ description: String, table: String? = nil, page: Int? = nil, sae: String? = nil, neuron: NeuronID? = nil,
        column: String? = nil
    ) {
        self.description = description
        self.table = table
        self.page = page
        self.sae = sae
        self.neuron = neuron
        self.column = column
    }
}
