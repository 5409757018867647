import Foundation
import TopsailFiles
import TopsailTokenizer

/// A model in a Hugging Face folder: `config.json` beside safetensors, single or sharded.
struct ModelFolder {
    /// The folder that holds `config.json`.
    let path: String
    let settings: HuggingFaceSettings

    /// Opens a folder, or the snapshot inside a folder of Hugging Face's cache.
    ///
    /// - Throws: `ModelError` when `config.json` is missing or no settings.
    init(path: String) throws {
        self.path = Self.snapshot(in: path) ?? path
        settings = try HuggingFaceSettings(path: "\(self.path)/config.json")
    }

    /// The weights of all shards as one archive.
    ///
    /// - Throws: `ModelError.missingFile` naming the file that is not there, or what a reader throws.
    func openWeights() throws -> any TensorArchive {
        try checkQuantization()
        let single = "\(path)/model.safetensors", index = "\(path)/model.safetensors.index.json"
        if FileManager.default.fileExists(atPath: index) { return try openShards(index: index) }
        if FileManager.default.fileExists(atPath: single) { return try SafetensorsFile(path: single) }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let others = names.filter { $0.hasSuffix(".safetensors") }
        if others.count == 1 { return try SafetensorsFile(path: "\(path)/\(others[0])") }
        throw ModelError.missingFile(folder: path, name: "model.safetensors")
    }

    private func openShards(index path: String) throws -> any TensorArchive {
        let names = try shardNames(index: path)
        let shards = try Set(names.values).sorted().map { name in
            let file = "\(self.path)/\(name)"
            guard FileManager.default.fileExists(atPath: file) else {
                throw ModelError.missingFile(folder: self.path, name: name)
            }
            return try SafetensorsFile(path: file)
        }
        let archive = try ShardedArchive(path: path, shards: shards)
        for name in names.keys.sorted() where archive.info(name) == nil {
            throw ModelError.missingTensor(path: path, name: name)
        }
        return archive
    }

    /// Tensor names and the files they lie in, as the index says.
    private func shardNames(index path: String) throws -> [String: String] {
        let index = try HuggingFaceSettings(path: path)
        guard let map = index.object("weight_map") else {
            throw ModelError.missingSettings(path: path, keys: ["weight_map"])
        }
        var names: [String: String] = [:]
        for (tensor, file) in try map.texts() {
            guard !file.isEmpty, !file.contains("/"), file != ".." else {
                throw ModelError.unsupportedSetting(path: path, key: "weight_map.\(tensor)", found: file)
            }
            names[tensor] = file
        }
        return names
    }

    /// FP8 with its scales is read; other kinds of quantisation are refused by name.
    private func checkQuantization() throws {
        guard let quantization = settings.object("quantization_config") else { return }
        let method = try quantization.text("quant_method") ?? ""
        guard ["fp8", "fbgemm_fp8", "compressed-tensors"].contains(method) else {
            throw quantization.unsupported("quant_method", .text(method))
        }
        // What compressed-tensors packs into integers has names and shapes of its own.
        if let format = try quantization.text("format"), !["float-quantized", "naive-quantized"].contains(format) {
            throw quantization.unsupported("format", .text(format))
        }
    }

    /// Hugging Face's cache keeps a model as `snapshots/COMMIT`, the current commit in `refs/main`.
    private static func snapshot(in path: String) -> String? {
        let manager = FileManager.default, snapshots = "\(path)/snapshots"
        guard !manager.fileExists(atPath: "\(path)/config.json"),
            let commits = try? manager.contentsOfDirectory(atPath: snapshots)
        else { return nil }
        let current = (try? String(contentsOfFile: "\(path)/refs/main", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let commit = commits.first(where: { $0 == current }) ?? (commits.count == 1 ? commits[0] : nil) else {
            return nil
        }
        return "\(snapshots)/\(commit)"
    }
}
