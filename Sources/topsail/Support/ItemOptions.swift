import ArgumentParser
import TopsailPipeline

/// Activations of items with their names.
struct ItemOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Activations of items instead of a corpus: a safetensors, npz, npy or PyTorch file with [items, d] or "
                + "[items, positions, d]; KEY is input unless given, or the only tensor.",
            valueName: "file#key"))
    var activations: ActivationInput?
    @Option(
        help: ArgumentHelp(
            "What the items are called, one label an item in their order: lines, CSV, JSON, JSON Lines or npy.",
            valueName: "file"), completion: .file())
    var labels: String?

    func validate() throws {
        if labels != nil, activations == nil { throw ValidationError("--labels belongs to --activations") }
    }

    /// - Precondition: There are activations.
    func source() throws -> ItemSource {
        guard let activations else { preconditionFailure("--activations was not given") }
        return try ItemSource(path: activations.path, key: activations.key, labels: labels)
    }
}
