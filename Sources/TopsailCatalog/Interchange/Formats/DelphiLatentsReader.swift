import Foundation
import TopsailCore

/// Brings one file of delphi's cache into the catalog: statistics and contexts, whose rows become documents of a corpus in
/// the model's tokens.
struct DelphiLatentsReader {
    let folder: InputFolder
    let sink: CatalogImport
    let model: String?

    /// - Parameter file: `latents/<module>/<first>_<last>.safetensors`.
    func read(_ file: String) throws {
        let parts = file.split(separator: "/").map(String.init)
        guard parts.count > 2, let latents = Self.range(parts[parts.count - 1]) else {
            return sink.skip(file, "a file's name is not <first latent>_<last latent>.safetensors")
        }
        let module = parts[1..<parts.count - 1].joined(separator: "/").replacing("--", with: "/")
        let path = folder.path + "/" + file
        do {
            let cache = try DelphiLatents(path: path, latents: latents)
            try add(cache, DelphiModule(module).sae(model), file)
        } catch is DelphiLatentsWithoutTokens {
            sink.skip(file, "latents were cached without the tokens that they fired on")
        } catch {
            throw InterchangeError.placing(error, path: path)
        }
    }

    /// `0_9999.safetensors`: both are among the file's latents.
    private static func range(_ name: String) -> ClosedRange<Int>? {
        let numbers = name.dropLast(".safetensors".count).split(separator: "_", omittingEmptySubsequences: false)
        guard numbers.count == 2, let first = Int(numbers[0]), let last = Int(numbers[1]), first >= 0, first <= last,
            last - first < 1 << 28
        else { return nil }
        return first...last
    }

    private func add(_ cache: DelphiLatents, _ sae: ImportedSAE, _ file: String) throws {
        let corpus = "delphi " + (folder.path as NSString).lastPathComponent
        for (offset, latent) in try cache.read(keeping: sink.options.contexts).enumerated() where latent.fired > 0 {
            var neuron = ImportedNeuron(sae: sae, index: cache.latents.lowerBound + offset)
            neuron.statistics.firedCount = latent.fired
            neuron.statistics.density = cache.density(latent.fired)
            neuron.statistics.maxActivation = latent.largest
            neuron.contexts = try latent.stretches.compactMap { stretch in
                guard try holds(stretch.row, of: cache, in: corpus, file) else { return nil }
                // The model's tokenizer knows what they say.
                var context = ImportedContext(
                    tokens: [String](repeating: "", count: stretch.activations.count),
                    activations: stretch.activations)
                context.corpus = corpus
                context.document = stretch.row
                context.start = stretch.start
                return context
            }
            try sink.add(neuron, at: "\(file), latent \(neuron.index)")
        }
    }

    /// Stores a row, unless it is stored.
    private func holds(_ row: Int, of cache: DelphiLatents, in corpus: String, _ file: String) throws -> Bool {
        if sink.hasDocument(row, in: corpus) { return true }
        guard let tokens = cache.tokens(ofRow: row) else {
            sink.skip("\(file), row \(row)", "a row holds a number that is no token")
            return false
        }
        try sink.declare(
            .document(corpus: corpus, CorpusDocument(number: row, tokens: tokens)), at: "\(file), row \(row)")
        return sink.hasDocument(row, in: corpus)
    }
}
