import ArgumentParser
import TopsailCore
import TopsailEngine
import TopsailSAE

/// What a checkpoint's files cannot say, or say wrongly.
struct SAEOverrides: ParsableArguments {
    @Option(help: "The hook point it reads, e.g. mlp_out.14.") var hook: HookPoint?
    @Option(
        name: .customLong("sae-format"),
        help: ArgumentHelp(
            "The checkpoint's layout, e.g. sparsify (default: found out from what its files hold).",
            valueName: "format"))
    var format: SAEFormat?
    @Option(
        name: .customLong("option"),
        help: ArgumentHelp(
            "What the files cannot say: k, model_index, norm_scaling_factor, layer, position, repository.",
            valueName: "key=value"))
    var options: [KeyValue] = []

    /// The settings by key; of a repeated key the last counts.
    var values: [String: String] { Dictionary(options.map { ($0.key, $0.value) }) { $1 } }

    /// Opens the SAE that a person names.
    func open(_ name: String, in workspace: Workspace) throws -> any SparseAutoencoder {
        let sae = try workspace.sae(name)
        return try SAELoader.open(path: sae.path, name: sae.name, format: format?.name, options: values)
    }
}

/// Checkpoint layouts by name.
struct SAEFormat: ExpressibleByArgument {
    let name: String

    init?(argument: String) {
        guard SAELoader.formats.contains(argument) else { return nil }
        name = argument
    }

    static var allValueStrings: [String] { SAELoader.formats }
}

/// `KEY=VALUE` on the command line.
struct KeyValue: ExpressibleByArgument {
    let key: String
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign > argument.startIndex else { return nil }
        key = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }
}
