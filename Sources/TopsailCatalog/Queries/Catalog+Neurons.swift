import GRDB
import TopsailCore

extension Catalog {
    /// One page of the neurons that match.
    ///
    /// - Parameters:
    ///   - limit: At most so many; everything by default.
    ///   - offset: How many to skip in the given order.
    /// - Throws: `unknownCategory`, `unknownSAE` or `unknownList` when the filter names something that is not there.
    public func neurons(
        matching filter: NeuronFilter = NeuronFilter(), sort: NeuronSort = NeuronSort(.score), limit: Int = .max,
        offset: Int = 0
    ) throws(CatalogError) -> [NeuronRow] {
        try read { db in
            let directory = try SAEDirectory(db)
            let query = try NeuronQuery(db, filter, directory)
            let keys = try query.page(db, sort: sort, limit: limit, offset: offset)
            return try NeuronRows(db: db, directory: directory).fetch(keys)
        }
    }

    /// How many neurons match.
    public func count(matching filter: NeuronFilter = NeuronFilter()) throws(CatalogError) -> Int {
        try read { db in try NeuronQuery(db, filter, SAEDirectory(db)).count(db) }
    }
}
