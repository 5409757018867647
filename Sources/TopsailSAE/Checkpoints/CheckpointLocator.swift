import Foundation
import TopsailFiles
import TopsailTensor

/// Finds the file of the weights from what a person names: the file itself, its configuration, its folder, or a folder some
/// way above it.
struct CheckpointLocator {
    let path: String
    let options: CheckpointOptions

    private static let deepest = 8
    private static let mostFiles = 4096

    /// Names that say which of several files in a folder holds the weights, best first.
    private static let preferred = [
        "sae_weights.safetensors", "sae_weights.pt", "sae.safetensors", "ae.pt", "sae.pt", "params.safetensors",
        "params.npz", "latest_ckpt.safetensors", "pruned.safetensors", "final.safetensors", "pruned.pt", "final.pt",
    ]

    /// Files of tensors that lie beside weights and are none.
    private static let auxiliary = [
        "sparsity", "activation_scaler", "activation_whitening", "trainer_state", "optimizer", "probe", "indices_",
        "quantile_", "W_dec_", "expected",
    ]

    /// - Throws: `SAECheckpointError` when there are no weights, or several and nothing says which.
    func locate() throws -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw SAECheckpointError(path, .unreadable("it does not exist"))
        }
        if isFolder.boolValue {
            try refuseDistributed(path)
            guard let file = try find(in: path, depth: 0) else { throw SAECheckpointError(path, .unknownLayout) }
            return file
        }
        let lower = path.lowercased()
        guard [".json", ".yaml", ".yml"].contains(where: lower.hasSuffix) else { return path }
        let folder = (path as NSString).deletingLastPathComponent
        guard let file = try find(in: folder.isEmpty ? "." : folder, depth: 0) else {
            throw SAECheckpointError(path, .unknownLayout)
        }
        return file
    }

    private func find(in folder: String, depth: Int) throws -> String? {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
            .filter { !$0.hasPrefix(".") }.prefix(Self.mostFiles)
        let weights = names.filter { isWeights("\(folder)/\($0)", $0) }
        if let chosen = try choose(weights, in: folder) { return "\(folder)/\(chosen)" }
        guard depth < Self.deepest else { return nil }
        let folders = names.filter { isFolder("\(folder)/\($0)") }
        if folders.contains("checkpoints"), let file = try find(in: "\(folder)/checkpoints", depth: depth + 1) {
            return file
        }
        return try descend(Array(folders), in: folder, depth: depth)
    }

    private func choose(_ names: [String], in folder: String) throws -> String? {
        guard names.count > 1 else { return names.first }
        for name in Self.preferred where names.contains(name) { return name }
        let numbered = names.filter { PathNumbers.layer(in: $0) != nil || trailingNumber($0) != nil }
        if let layer = options.layer {
            let chosen = names.filter { (PathNumbers.layer(in: $0) ?? trailingNumber($0)) == layer }
            if chosen.count == 1 { return chosen[0] }
        }
        // `samples_400000.pt`, `ae_5000.pt`: the furthest of one training run.
        let steps = names.compactMap { name in trailingNumber(name).map { (name, $0) } }
        let stems = Set(names.map { $0.prefix { !$0.isNumber } })
        if stems.count == 1, let stem = stems.first, ["samples_", "ae_", "sae_"].contains(String(stem)) {
            return steps.max { $0.1 < $1.1 }?.0
        }
        if !numbered.isEmpty, numbered.count == names.count {
            throw SAECheckpointError(path, .missingOption("layer", example: "\(layers(names).first ?? 0)"))
        }
        throw SAECheckpointError(path, .several(names))
    }

    private func descend(_ folders: [String], in folder: String, depth: Int) throws -> String? {
        if let layer = options.layer {
            let chosen = folders.filter { PathNumbers.layer(in: $0) == layer }
            if chosen.count == 1 { return try find(in: "\(folder)/\(chosen[0])", depth: depth + 1) }
        }
        var found: [(folder: String, file: String)] = []
        for name in folders {
            if let file = try find(in: "\(folder)/\(name)", depth: depth + 1) { found.append((name, file)) }
            if found.count > 64 { break }
        }
        guard found.count > 1 else { return found.first?.file }
        if Set(found.map { PathNumbers.layer(in: $0.folder) }).count == found.count {
            throw SAECheckpointError(
                path, .missingOption("layer", example: "\(PathNumbers.layer(in: found[0].folder) ?? 0)"))
        }
        throw SAECheckpointError(path, .several(found.map(\.folder)))
    }

    private func layers(_ names: [String]) -> [Int] {
        names.compactMap { PathNumbers.layer(in: $0) ?? trailingNumber($0) }
    }

    /// `W_enc_21.safetensors`, `6.pt`.
    private func trailingNumber(_ name: String) -> Int? {
        PathNumbers.first(#"(?:^|_)(\d+)\.[a-z]+$"#, in: name)
    }

    private func isWeights(_ path: String, _ name: String) -> Bool {
        guard !Self.auxiliary.contains(where: name.hasPrefix) else { return false }
        let endings = [".safetensors", ".npz", ".npy", ".pt", ".pth", ".bin", ".ckpt"]
        guard endings.contains(where: name.lowercased().hasSuffix) else { return false }
        return !isFolder(path)
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// A folder of torch.distributed is many files that only torch puts together.
    private func refuseDistributed(_ folder: String) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        if folder.hasSuffix(".dcp") || names.contains(where: { $0.hasSuffix(".distcp") || $0.hasSuffix(".dcp") }) {
            guard !names.contains(where: Self.preferred.contains) else { return }
            throw SAECheckpointError(path, .unsupported("a distributed checkpoint (.dcp)"))
        }
    }
}
