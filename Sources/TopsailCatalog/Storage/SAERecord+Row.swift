import Foundation
import GRDB
import TopsailCore

extension SAERecord {
    /// What stands in the place of a model's name where there is no language model. No model is called so.
    static let noModelName = ""

    /// Reads a row of `sae` joined with the model's name as `model`.
    init(row: Row) {
        let corpus: String? = row["corpus"]
        let model: String = row["model"]
        self.init(
            name: row["name"], model: model == Self.noModelName ? nil : model,
            hook: (row["hook"] as String?).flatMap(HookPoint.init),
            architecture: row["architecture"], dIn: row["d_in"], dSAE: row["d_sae"], k: row["k"], path: row["path"],
            sha256: row["sha256"], metrics: Self.metrics(json: row["metrics"]), isDefault: row["is_default"],
            collection: corpus.map { corpus in
                CollectionFacts(
                    corpus: corpus, countedTokens: row["counted_tokens"] ?? 0,
                    contextLength: row["context_length"] ?? 0,
                    excludedTokens: row["excluded_tokens"] ?? "")
            })
        neuronCount = row["neuron_count"]
    }

    /// Names and finite figures as a JSON object with sorted keys.
    var metricsJSON: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let finite = metrics.filter { $0.value.isFinite }
        return (try? encoder.encode(finite)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private static func metrics(json: String) -> [String: Double] {
        (try? JSONDecoder().decode([String: Double].self, from: Data(json.utf8))) ?? [:]
    }
}
