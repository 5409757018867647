import ArgumentParser
import TopsailCore
import TopsailEngine
import TopsailSAE

/// What a checkpoint's files cannot say, or say wrongly.
struct SAEOverrides: ParsableArguments {
    @Option(help: "The hook point it reads, e.g. mlp_out.14.") var hook: HookPoint?
    @Option(name: .customLong("sae-format"), help: "The checkpoint's layout (default: found out).") var format:
        SAEFormat?
    @Option(
        name: .customLong("option"),
        help: ArgumentHelp("Further settings, e.g. norm_scaling_factor=0.5.", valueName: "key=value"))
    var options: [KeyValue] = []

    /// Opens the SAE that a person names.
    func open(_ name: String, in workspace: Workspace) throws -> any SparseAutoencoder {
        let sae = try workspace.sae(name)
        let options = Dictionary(options.map { ($0.key, $0.value) }) { $1 }
        return try SAELoader.open(path: sae.path, name: sae.name, options: options)
    }
}

/// Checkpoint layouts by name.
enum SAEFormat: String, ExpressibleByArgument, CaseIterable {
    case saelens
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
