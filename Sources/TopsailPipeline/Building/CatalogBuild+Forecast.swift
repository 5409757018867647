import TopsailAnalysis
import TopsailModel

extension CatalogBuild {
    /// What collecting a shard of the corpus, and writing the catalog, would take.
    ///
    /// - Parameter writesCatalog: Whether the run goes on to the catalog, or ends with a part.
    /// - Throws: `AnalysisError` when an SAE does not fit the model; what reading the texts throws.
    func forecast(shard: Shard, writesCatalog: Bool) throws -> RunForecast {
        let documents = try readings()
        let work = try work(documents, shard: shard)
        let chunks = work.readsModel ? work.chunks : []
        var readings = [RunForecast.Reading("the corpus", chunks.lazy.flatMap { documents[$0] }.map(\.text))]
        if writesCatalog {
            readings += try Self.readings(
                pairs: pairs, evaluated: evaluated(documents), saes: members.count, model: model)
        }
        return try RunForecast(
            readings, model: model, precision: collection.precision, sample: documents.lazy.flatMap(\.text.tokens))
    }

    /// What is read between collecting and writing.
    ///
    /// - Parameter evaluated: Texts that the SAEs are measured on.
    static func readings(
        pairs: [ContrastPair], evaluated: [ReadableText], saes: Int, model: LanguageModel
    ) throws -> [RunForecast.Reading] {
        let reader = TextReader(model)
        var readings = [
            RunForecast.Reading(
                "contrast pairs", try pairs.flatMap { try [$0.present, $0.absent].map(reader.prompt) })
        ]
        var evaluation = RunForecast.Reading("cross-entropies", evaluated)
        // Clean, reconstructed and ablated, for each SAE.
        evaluation.tokens *= 3 * saes
        readings.append(evaluation)
        return readings
    }
}
