import ArgumentParser
import TopsailCore
import TopsailEngine
import TopsailSAE

/// `topsail sae list`.
struct SAEListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the SAEs of the workspace.",
        discussion: "Example: topsail sae list --json\nJSON: one document, an array of what sae info prints.")

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let infos = common.place.saes().compactMap { sae -> SAEInfo? in
            do {
                return try SAELoader.open(path: sae.path, name: sae.name).info
            } catch {
                // One that cannot be opened does not hide the others.
                StandardError.line("warning: \(sae.name): \(error)")
                return nil
            }
        }
        if common.json { return StandardOutput.line(infos.map { $0.document(hook: $0.hook) }.jsonText.line) }
        guard !infos.isEmpty else { throw WorkspaceError.noSAE(root: common.place.root) }
        Columns.print(
            infos.map { [$0.name, $0.architecture.rawValue, $0.hook?.description ?? "–", "\($0.dSAE) neurons"] })
    }
}

/// `topsail sae info`.
struct SAEInfoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Show what an SAE is.",
        discussion: "Example: topsail sae info path/to/checkpoint --json")

    @OptionGroup var common: CommonOptions
    @OptionGroup var overrides: SAEOverrides
    @Argument(help: "An SAE of the workspace, or a checkpoint file or folder.", completion: .file()) var sae: String

    func run() async throws {
        let info = try overrides.open(sae, in: common.place).info
        let hook = overrides.hook ?? info.hook
        if common.json { return StandardOutput.line(info.document(hook: hook).line) }
        Columns.print(
            [
                ["name", info.name], ["format", info.format], ["architecture", info.architecture.rawValue],
                ["model", info.model ?? "–"], ["hook", hook?.description ?? info.hookName ?? "–"],
                ["layer", (hook?.layer ?? info.layer).map(String.init) ?? "–"], ["d_in", "\(info.dIn)"],
                ["d_out", info.hasDecoder ? "\(info.dOut)" : "–"], ["d_sae", "\(info.dSAE)"],
                ["dtype", info.dtype.name],
            ] + info.parameters.sorted { $0.key < $1.key }.map { [$0.key, $0.value.jsonText.line] })
    }
}

extension SAEInfo {
    /// The document that the command line promises.
    func document(hook: HookPoint?) -> JSONText {
        .object([
            "name": name, "format": format, "architecture": architecture.rawValue,
            "hook": hook?.description ?? hookName,
            "layer": hook?.site == .finalNorm ? nil : hook?.layer ?? layer, "d_in": dIn,
            "d_out": hasDecoder ? dOut : nil, "d_sae": dSAE,
            "dtype": dtype.name, "model": model,
            "parameters": JSONText.object(parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value.jsonText) }),
        ])
    }
}

extension ConfigurationValue {
    var jsonText: JSONText {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .number(let value): .double(value)
        case .string(let value): .string(value)
        case .list(let values): .array(values.map(\.jsonText))
        case .object(let members): .object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.jsonText) })
        }
    }
}
