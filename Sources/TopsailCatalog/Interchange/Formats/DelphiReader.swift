import Foundation
import TopsailCore

/// A results folder of delphi: explanations and scores, one text file a latent, and where latents fired in the tokens of a
/// corpus.
struct DelphiReader {
    let path: String
    let sink: CatalogImport

    func read() throws {
        let folder = InputFolder(path)
        let files = folder.everything()
        let explanations = files.filter { $0.hasPrefix("explanations/") && $0.hasSuffix(".txt") }
        let scores = files.filter { $0.hasPrefix("scores/") && $0.hasSuffix(".txt") }
        let latents = files.filter { $0.hasPrefix("latents/") && $0.hasSuffix(".safetensors") }
        guard !explanations.isEmpty || !scores.isEmpty || !latents.isEmpty else {
            throw InterchangeError(
                path: path,
                problem: "there are no explanations/….txt, scores/…/….txt or latents/…/….safetensors in it",
                hint: "give the folder results/<name> of a delphi run")
        }
        let model = try files.first { $0.hasPrefix("latents/") && $0.hasSuffix("/config.json") }
            .flatMap { file in try whole(folder, file) { try Self.model(&$0) } }
        // Latents first: they say which model it is.
        for file in latents { try DelphiLatentsReader(folder: folder, sink: sink, model: model).read(file) }
        for file in explanations {
            guard let latent = DelphiLatent(file) else {
                sink.skip(file, "a file's name is not module_latent<number>.txt")
                continue
            }
            let text = try whole(folder, file) { try $0.text() }
            var neuron = latent.neuron(model)
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
            var neuron = latent.neuron(model)
            neuron.explanations = [
                NeuronExplanation(source: ImportedSource.make("delphi"), text: nil, scores: [score])
            ]
            try sink.add(neuron, at: file)
        }
    }

    /// What the cache's settings say of the language model.
    private static func model(_ json: inout JSONPull) throws -> String? {
        var model: String?
        guard try json.beginMembers() else { return nil }
        while let name = try json.nextName() {
            if case "model_name" = name { model = try json.text() } else { try json.skip() }
        }
        return model
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
            throw InterchangeError.placing(error, path: full)
        }
    }
}

/// `layers.6.mlp_latent12.txt`: module (`/` written as `--`) and latent.
private struct DelphiLatent {
    private let module: DelphiModule
    private let index: Int

    init?(_ file: String) {
        let name = (file as NSString).lastPathComponent.dropLast(4)
        guard let mark = name.range(of: "_latent", options: .backwards), let index = Int(name[mark.upperBound...]),
            index >= 0
        else { return nil }
        self.index = index
        module = DelphiModule(String(name[..<mark.lowerBound].replacing("--", with: "/")))
    }

    func neuron(_ model: String?) -> ImportedNeuron { ImportedNeuron(sae: module.sae(model), index: index) }
}

/// A place in a model, as delphi and sparsify name it.
struct DelphiModule {
    private let name: String

    init(_ name: String) { self.name = name }

    func sae(_ model: String?) -> ImportedSAE {
        let parts = name.split(separator: ".")
        let layer = zip(parts, parts.dropFirst()).first { ["layers", "h", "blocks"].contains($0.0) }
            .flatMap { Int($0.1) }
        return ImportedSAE(name: name, layer: layer, model: model, hook: layer.flatMap(hook))
    }

    /// sparsify's names: a layer's output is the stream after it.
    private func hook(_ layer: Int) -> HookPoint? {
        if name.hasSuffix("mlp") { return HookPoint(.mlpOut, layer: layer) }
        if ["attn", "attention", "self_attn"].contains(where: name.hasSuffix) {
            return HookPoint(.attnOut, layer: layer)
        }
        return name.hasSuffix(".\(layer)") ? HookPoint(.residPost, layer: layer) : nil
    }
}
