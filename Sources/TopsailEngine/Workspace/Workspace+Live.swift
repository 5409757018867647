import TopsailCatalog
import TopsailModel

extension Workspace {
    /// What a live session is to read with.
    ///
    /// - Parameters:
    ///   - model: As a person names it; `nil` for the default model.
    ///   - saes: As a person names them; empty for the default set.
    ///   - catalog: Knows the default set.
    public func liveSources(
        model: String? = nil, saes: [String] = [], catalog: Catalog?, precision: Precision = .fast
    ) throws -> LiveSources {
        let chosen = try saes.isEmpty ? defaultSAEs(catalog: catalog) : languageSAEs(saes, catalog: catalog)
        let path = try modelPath(model)
        return LiveSources(
            modelName: Self.modelName(at: path), modelPath: path,
            saes: chosen.map { .init(name: $0.name, path: $0.path) },
            precision: precision, assessment: assessment.exists ? assessment : nil)
    }
}
