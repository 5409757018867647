import Foundation
import TopsailCore

/// A results folder of delphi: explanations and scores, one text file a latent. Its latents hold token ids of a corpus
/// that is not in the folder; they are reported as skipped.
struct DelphiReader {
    let path: String
    let sink: CatalogImport

    func read() throws {
        let folder = InputFolder(path)
        let files = folder.everything()
        let explanations = files.filter { $0.hasPrefix("explanations/") && $0.hasSuffix(".txt") }
        let scores = files.filter { $0.hasPrefix("scores/") && $0.hasSuffix(".txt") }
        guard !explanations.isEmpty || !scores.isEmpty else {
            throw InterchangeError(
                path: path, problem: "there are no explanations/….txt or scores/…/….txt in it",
                hint: "give the folder results/<name> of a delphi run")
        }
        for file in explanations {
            guard let latent = DelphiLatent(file) else {
                sink.skip(file, "a file's name is not module_latent<number>.txt")
                continue
            }
            let text = try whole(folder, file) { try $0.text() }
            var neuron = latent.neuron
            neuron.explanations = [NeuronExplanation(source: ImportedSource.make("delphi"), text: text)]
            try sink.add(neuron, at: file)
        }
        for file in scores {
            guard let latent = DelphiLatent(file), let scorer = file.split(separator: "/").dropFirst().first else {
                sink.skip(file, "a file's name is not module_latent<number>.txt")
                continue
            }
            let score = try whole(folder, file) { try DelphiScore.read(&$0, scorer: String(scorer)) }
            guard let score else {
                sink.skip(file, "a score of the kind \(scorer) holds nothing that makes a figure")
                continue
            }
            var neuron = latent.neuron
            neuron.explanations = [
                NeuronExplanation(source: ImportedSource.make("delphi"), text: nil, scores: [score])
            ]
            try sink.add(neuron, at: file)
        }
        for file in files where file.hasPrefix("latents/") && file.hasSuffix(".safetensors") {
            sink.skip(file, "latents hold token ids, whose corpus and tokenizer are not in the folder")
        }
    }

    private func whole<Value>(
        _ folder: InputFolder, _ file: String, _ body: (inout JSONPull) throws -> Value
    ) throws -> Value {
        let full = folder.path + "/" + file
        do {
            return try InputBytes.whole(full) { bytes in
                var json = JSONPull(bytes)
                let value = try body(&json)
                try json.end()
                return value
            }
        } catch {
            throw InterchangeError(wrapping: error, path: full, place: "")
        }
    }
}

/// `layers.6.mlp_latent12.txt`: module (`/` written as `--`) and latent.
private struct DelphiLatent {
    let neuron: ImportedNeuron

    init?(_ file: String) {
        let name = (file as NSString).lastPathComponent.dropLast(4)
        guard let mark = name.range(of: "_latent", options: .backwards), let index = Int(name[mark.upperBound...]),
            index >= 0
        else { return nil }
        let module = name[..<mark.lowerBound].replacing("--", with: "/")
        let parts = module.split(separator: ".")
        let layer = zip(parts, parts.dropFirst()).first { ["layers", "h", "blocks"].contains($0.0) }
            .flatMap { Int($0.1) }
        neuron = ImportedNeuron(
            sae: ImportedSAE(
                name: String(module), layer: layer, hook: layer.flatMap { Self.hook(of: String(module), $0) }),
            index: index)
    }

    /// sparsify's names: a layer's output is the stream after it.
    private static func hook(of module: String, _ layer: Int) -> HookPoint? {
        if module.hasSuffix("mlp") { return HookPoint(.mlpOut, layer: layer) }
        if module.hasSuffix("attn") || module.hasSuffix("attention") || module.hasSuffix("self_attn") {
            return HookPoint(.attnOut, layer: layer)
        }
        return module.hasSuffix(".\(layer)") ? HookPoint(.residPost, layer: layer) : nil
    }
}
