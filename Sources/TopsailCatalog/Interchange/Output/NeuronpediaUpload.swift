import Foundation
import TopsailCore
import TopsailFiles

/// The body of one request that uploads features to Neuronpedia, within that interface's limits.
struct NeuronpediaUpload: NeuronBatch {
    static let capacity = 128
    static let demand = "has a context, which an upload needs"

    let source: NeuronpediaSource
    private let number: Int
    private(set) var neurons = 0
    private var features = JSONOutput()

    private static let largestIndex = 10_000_000
    private static let mostEffects = 20
    private static let longestText = 512
    private static let longestContext = 1024

    init(source: NeuronpediaSource, number: Int) {
        self.source = source
        self.number = number
    }

    mutating func add(_ neuron: ExportedNeuron, _ texts: ExportTexts) -> Bool {
        let detail = neuron.detail
        let examples = detail.contexts.map { ($0, texts.texts(of: $0, detail.sae)) }.filter { context, tokens in
            (1...Self.longestContext).contains(tokens.count) && tokens.count == context.activations.count
                && !tokens.contains("")
        }
        guard !examples.isEmpty, detail.row.index <= Self.largestIndex else { return false }
        neurons += 1
        features.object { output in
            output.member("index", detail.row.index)
            if let density = detail.statistics.density { output.member("density", density) }
            for (name, effects) in [
                ("topLogits", detail.logitEffects.top), ("bottomLogits", detail.logitEffects.bottom),
            ] {
                output.array(name, effects.prefix(Self.mostEffects)) { output, effect in
                    output.object { output in
                        output.member("token", texts.text(of: effect, detail.sae))
                        output.member("value", effect.value)
                    }
                }
            }
            output.array("explanations", detail.explanations) { Self.write($1, to: &$0) }
            output.array("activations", examples) { output, example in
                output.object { output in
                    output.array("tokens", example.1) { $0.value($1) }
                    output.array("values", example.0.activations) { $0.value($1) }
                    let interval = NeuronpediaInterval(band: example.0.band, of: detail.contexts)
                    output.member("quantileMin", interval.lowest)
                    output.member("quantileMax", interval.highest)
                    output.member("quantileFraction", interval.share)
                }
            }
        }
        return true
    }

    private static func write(_ explanation: NeuronExplanation, to output: inout JSONOutput) {
        guard let text = explanation.text, !text.allSatisfy(\.isWhitespace) else { return }
        let method = NeuronpediaMethod(explanation.source)
        output.object { output in
            output.member("text", text.count > longestText ? text.prefix(longestText - 1) + "…" : text)
            output.member("methodName", method.type.lowercased())
            output.member("modelName", method.model?.lowercased() ?? "unknown")
        }
    }

    func write(to folder: String) throws {
        var body = JSONOutput()
        body.object { output in
            output.member("modelId", source.model)
            output.member("source", source.source)
            output.list("features", of: features)
        }
        let place = "\(folder)/\(source.folder)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try AtomicFile.write(Data(body.bytes), to: "\(place)/upload-\(number).json")
    }
}
