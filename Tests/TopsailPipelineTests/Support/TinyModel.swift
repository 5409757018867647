import Foundation
import TopsailCore
import TopsailModel
import TopsailSAE
import TopsailTensor
import TopsailTestSupport

/// A seeded Llama of a few hundred kilobytes, and SAEs for it.
enum TinyModel {
    static let path = "gguf/llama-f32/model.gguf"
    static var isThere: Bool { Fixtures.has(path) }
    static let hook = HookPoint(.residPost, layer: 0)

    static func open() throws -> LanguageModel { try LanguageModel.open(path: Fixtures.url(path).path) }

    /// A TopK SAE with random weights.
    static func sae(for model: LanguageModel, dSAE: Int = 48, k: Int = 4) -> TopKSAE {
        let dIn = model.configuration.dModel
        let weights = SAEWeights(dIn: dIn, dSAE: dSAE, dOut: dIn)
        var random = TopsailTestSupport.SeededGenerator(seed: 5)
        for index in 0..<weights.encoder.count { weights.encoder.pointer[index] = .random(in: -1...1, using: &random) }
        for index in 0..<weights.decoder.count { weights.decoder.pointer[index] = .random(in: -1...1, using: &random) }
        let info = SAEInfo(
            name: "tiny", format: "saelens", architecture: .topk, hook: hook, model: nil, dIn: dIn, dOut: dIn,
            dSAE: dSAE,
            dtype: .f32, parameters: ["k": .int(k)])
        return TopKSAE(info: info, weights: weights, k: k)
    }

    /// Different sentences of ordinary length.
    static func texts(_ count: Int) -> [CorpusTextSource] {
        let subjects = ["The cat", "A river", "My neighbour", "The old clock", "Every lamp", "A stone"]
        let verbs = ["sat by", "ran past", "looked at", "fell behind", "waited for", "turned from"]
        let places = ["the door", "the mill", "the bridge", "the garden", "the station", "the hill"]
        return (0..<count).map { index in
            let text = (0..<4).map { line in
                let place = index * 7 + line * 5
                return "\(subjects[place % 6]) \(verbs[(place / 6 + index) % 6]) \(places[(place / 36 + line) % 6])."
            }
            return CorpusTextSource(
                topic: index % 3 == 0 ? "general.one" : "general.two", text: text.joined(separator: " "))
        }
    }

    struct CorpusTextSource {
        var topic: String
        var text: String
    }
}
