import Foundation
import TopsailCore
import TopsailFiles

/// A batch file of SAEDashboard's. Lists of what the catalog does not know are there and empty, as its readers expect.
struct SAEDashboardBatch: NeuronBatch {
    static let capacity = 256
    static let demand = "can be written"

    let source: NeuronpediaSource
    private let number: Int
    private(set) var neurons = 0
    private var features = JSONOutput()

    private static let unknownLists = [
        "neuron_alignment_indices", "neuron_alignment_values", "neuron_alignment_l1", "correlated_neurons_indices",
        "correlated_neurons_pearson", "correlated_neurons_l1", "correlated_features_indices",
        "correlated_features_pearson", "correlated_features_l1",
    ]

    init(source: NeuronpediaSource, number: Int) {
        self.source = source
        self.number = number
    }

    mutating func add(_ neuron: ExportedNeuron, _ texts: ExportTexts) -> Bool {
        let detail = neuron.detail
        neurons += 1
        features.object { output in
            output.member("feature_index", detail.row.index)
            for name in Self.unknownLists { output.array(name, [] as [Int]) { $0.value($1) } }
            output.logitEffects(of: detail, texts)
            output.histogram(of: detail)
            output.array("logits_hist_data_bar_heights", [] as [Int]) { $0.value($1) }
            output.array("logits_hist_data_bar_values", [] as [Int]) { $0.value($1) }
            output.member("frac_nonzero", detail.statistics.density)
            output.member("n_tokens_in_prompt", detail.sae.collection?.contextLength)
            output.member("dataset", detail.sae.collection?.corpus)
            output.array("decoder_weights_dist", [] as [Int]) { $0.value($1) }
            output.array("activations", detail.contexts) { output, context in
                let interval = NeuronpediaInterval(band: context.band, of: detail.contexts)
                output.object { output in
                    output.member("bin_min", interval.lowest)
                    output.member("bin_max", interval.highest)
                    output.member("bin_contains", interval.share)
                    output.array("tokens", texts.texts(of: context, detail.sae)) { $0.value($1) }
                    output.array("values", context.activations) { $0.value($1) }
                    output.member("qualifying_token_index", context.maxPosition)
                }
            }
        }
        return true
    }

    func write(to folder: String) throws {
        var batch = JSONOutput()
        batch.object { output in
            output.member("model_id", source.model)
            output.member("layer", source.layer)
            output.member("sae_set", source.set)
            output.member("sae_id_suffix", nil as String?)
            output.list("features", of: features)
        }
        let place = "\(folder)/\(source.folder)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try AtomicFile.write(Data(batch.bytes), to: "\(place)/batch-\(number).json")
    }
}
