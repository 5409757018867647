import Foundation
import Testing
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTensor
import TopsailTestSupport

/// Folders that cannot be read: each is refused in a sentence that names the file and what is wrong in it.
@Suite("Model folders")
struct ModelFolderTests {
    let folder: TemporaryFolder
    var small = SmallModel()

    init() throws { folder = try TemporaryFolder() }

    private func open() throws -> LanguageModel { try LanguageModel.open(path: folder.url.path) }

    /// The text of the error that opening throws.
    private func refusal(_ model: SmallModel) throws -> String {
        try model.write(to: folder)
        return try refusal()
    }

    private func refusal() throws -> String {
        do {
            _ = try open()
        } catch let error as any UserFacingError {
            return error.description
        }
        Issue.record("the folder was not refused")
        return ""
    }

    @Test("the folder that the others are made from can be read") func sound() throws {
        try small.write(to: folder)
        let model = try open()
        let logits = try ModelSession(model, precision: .exact).read([1, 2, 3], logits: .all).takeLogits()
        #expect(logits.rows == 3 && logits.columns == 16 && logits.elements().allSatisfy(\.isFinite))
    }

    @Test(
        "other kinds of models are refused by name",
        arguments: ["mixtral", "falcon", "mamba", "smollm3", "phi", "qwen2_moe", "gemma3n_text", "bert", ""])
    func otherArchitectures(type: String) throws {
        var model = small
        model.settings["model_type"] = type
        let text = try refusal(model)
        #expect(text.contains("config.json") && text.contains("model_type \"\(type)\""))
    }

    @Test(
        "settings that make no sense are refused by key",
        arguments: [
            ("num_hidden_layers", 1 << 27), ("num_hidden_layers", 1 << 62), ("num_hidden_layers", -1),
            ("num_hidden_layers", 0), ("num_hidden_layers", "2"), ("num_hidden_layers", 1.5), ("hidden_size", true),
            ("hidden_size", [8]), ("hidden_size", 1 << 40), ("num_attention_heads", -2), ("num_attention_heads", 3),
            ("head_dim", -4), ("head_dim", 1 << 50), ("num_key_value_heads", 0), ("intermediate_size", "12"),
            ("max_position_embeddings", 0), ("max_position_embeddings", 1e300), ("rms_norm_eps", "1e-6"),
            ("rms_norm_eps", 1e300), ("hidden_act", "quick_gelu"), ("hidden_act", 3), ("tie_word_embeddings", 1),
            ("rope_theta", 0), ("rope_theta", 1e300), ("rope_theta", "10000"), ("partial_rotary_factor", 1e30),
            ("partial_rotary_factor", 1e300), ("partial_rotary_factor", -0.5), ("model_type", 5),
        ] as [(String, any Sendable)])
    func senselessSettings(key: String, value: any Sendable) throws {
        var model = small
        model.settings[key] = value
        let text = try refusal(model)
        #expect(text.contains("config.json") && text.contains(key), "\(text)")
    }

    @Test(
        "rope settings that make no sense are refused by key",
        arguments: [
            (["rope_type": "quantum"], "rope_type"), (["type": "mrope"], "type"), (["rope_type": "linear"], "factor"),
            (["rope_type": "linear", "factor": "2"], "factor"), (["rope_type": "linear", "factor": 0], "factor"),
            (["rope_type": "llama3", "factor": 8], "low_freq_factor"),
            (["rope_type": "longrope", "short_factor": [1], "long_factor": [1, 2]], "short_factor"),
            (["rope_type": "longrope", "short_factor": [1, 1e300], "long_factor": [1, 2]], "short_factor"),
            (["rope_type": "yarn", "factor": -1], "factor"),
            (["rope_type": "yarn", "factor": 2, "original_max_position_embeddings": 0], "original_max"),
            (["rope_type": 7], "rope_type"),
        ] as [([String: any Sendable], String)])
    func senselessRope(parameters: [String: any Sendable], key: String) throws {
        var model = small
        model.settings["rope_scaling"] = parameters
        let text = try refusal(model)
        #expect(text.contains("config.json") && text.contains(key), "\(text)")
    }

    @Test("absent and null keys that are needed are named together", arguments: [false, true])
    func missingKeys(asNull: Bool) throws {
        var model = small
        for key in ["hidden_size", "num_attention_heads"] { model.settings[key] = asNull ? NSNull() : nil }
        let text = try refusal(model)
        #expect(text.contains("config.json") && text.contains("hidden_size, num_attention_heads"))
    }

    @Test("null keys that have a default are taken as absent") func nullKeys() throws {
        var model = small
        for key in ["head_dim", "rope_scaling", "hidden_act", "rms_norm_eps"] { model.settings[key] = NSNull() }
        try model.write(to: folder)
        #expect(try open().configuration.dHead == 4)
    }

    @Test("sizes whose products no machine holds are refused before anything is allocated")
    func hugeProducts() throws {
        for key in ["head_dim", "num_attention_heads", "intermediate_size", "hidden_size"] {
            var model = small
            model.settings["head_dim"] = 4
            model.settings["num_key_value_heads"] = NSNull()
            model.settings[key] = 1 << 28
            let text = try refusal(model)
            #expect(
                text.contains(String(1 << 28)) || text.contains("\(1 << 29)") || text.contains("\(1 << 30)"), "\(text)")
        }
    }

    @Test(
        "files that are no settings are refused", arguments: ["", "[]", "{", "null", "{\"a\":\"\\ud800\"", "\u{FEFF}"])
    func unreadableSettings(text: String) throws {
        try small.write(to: folder)
        _ = try folder.file("config.json", Array(text.utf8))
        #expect(try refusal().contains("config.json"))
    }

    @Test("a setting nested beyond measure is refused without recursion") func deepNesting() throws {
        try small.write(to: folder)
        _ = try folder.file("config.json", Array(("{\"a\":" + String(repeating: "[", count: 200_000)).utf8))
        #expect(try refusal().contains("config.json"))
    }

    @Test(
        "quantisation that is not read is refused by name",
        arguments: ["gptq", "awq", "bitsandbytes", "hqq", "quanto", "mxfp4"])
    func quantization(method: String) throws {
        var model = small
        model.settings["quantization_config"] = ["quant_method": method, "bits": 4]
        let text = try refusal(model)
        #expect(text.contains("quantization_config.quant_method = \(method)"))
        model.settings["quantization_config"] = ["quant_method": "compressed-tensors", "format": "pack-quantized"]
        #expect(try refusal(model).contains("pack-quantized"))
    }

    @Test("FP8 weights without their scales are refused") func scales() throws {
        var model = small
        let name = "model.layers.0.mlp.up_proj.weight"
        model.remove(name)
        model.tensors.append(SmallModel.Declaration(name, .f8e4m3, [12, 8]))
        #expect(try refusal(model).contains("model.layers.0.mlp.up_proj.weight_scale"))
        model.tensors.append(SmallModel.Declaration("\(name)_scale", .f32, [5]))
        #expect(try refusal(model).contains("\(name)_scale has shape [5]"))
    }
}

// MARK: Weights

extension ModelFolderTests {
    @Test("tensors of another shape are refused by name")
    func shapes() throws {
        for (name, shape) in [
            ("model.layers.0.self_attn.q_proj.weight", [8, 4]), ("model.layers.0.mlp.down_proj.weight", [12, 8]),
            ("model.norm.weight", [7]), ("model.layers.0.input_layernorm.weight", [8, 1]),
            ("model.embed_tokens.weight", [16, 9]), ("model.embed_tokens.weight", [17, 8]),
            ("model.embed_tokens.weight", [128]),
            ("model.layers.0.self_attn.k_proj.weight", []),
        ] {
            var model = small
            model.reshape(name, to: shape)
            let text = try refusal(model)
            #expect(text.contains("model.safetensors") && text.contains(name), "\(text)")
        }
    }

    @Test("a tensor that is not there is named") func missingTensors() throws {
        for name in small.tensors.map(\.name) {
            var model = small
            model.remove(name)
            let text = try refusal(model)
            #expect(text.contains("model.safetensors") && text.contains(name), "\(text)")
        }
    }

    @Test("tensors of a layer that have no place in it are named, others are left alone") func extraTensors() throws {
        for name in ["model.layers.0.mlp.router.weight", "model.layers.1.mlp.up_proj.weight"] {
            var model = small
            model.tensors.append(SmallModel.Declaration(name, .f32, [8]))
            #expect(try refusal(model).contains(name))
        }
        var model = small
        model.tensors.append(SmallModel.Declaration("vision_tower.patch.weight", .f32, [3]))
        model.tensors.append(SmallModel.Declaration("model.layers.0.self_attn.rotary_emb.inv_freq", .f32, [2]))
        try model.write(to: folder)
        _ = try open()
    }

    @Test("weights that are NaN are named") func notANumber() throws {
        for name in ["model.layers.0.mlp.up_proj.weight", "model.norm.weight", "model.embed_tokens.weight"] {
            var model = small
            model.notANumber = name
            #expect(try refusal(model).contains("\(name) holds a value that is NaN"))
        }
    }

    @Test("weights of a type that is no number are refused by name") func types() throws {
        let name = "model.layers.0.mlp.up_proj.weight"
        for dtype in [DType.i8, .u8, .bool, .i64] {
            var model = small
            model.remove(name)
            model.tensors.append(SmallModel.Declaration(name, dtype, [12, 8]))
            let text = try refusal(model)
            #expect(text.contains(name) && text.contains(dtype.name), "\(text)")
        }
    }

    @Test("a folder without weights says what it lacks") func noWeights() throws {
        try small.writeSettings(to: folder)
        #expect(try refusal().contains("has no file model.safetensors"))
    }
}

// MARK: Shards

extension ModelFolderTests {
    private func writeShards(_ map: [String: Any], extra: [SmallModel.Declaration] = []) throws {
        try small.writeSettings(to: folder)
        let half = small.tensors.count / 2
        try small.writeTensors(Array(small.tensors[..<half]), to: folder.path("a.safetensors"))
        try small.writeTensors(Array(small.tensors[half...]) + extra, to: folder.path("b.safetensors"))
        let index = try JSONSerialization.data(withJSONObject: ["weight_map": map])
        _ = try folder.file("model.safetensors.index.json", index)
    }

    private var soundMap: [String: String] {
        let half = small.tensors.count / 2
        return Dictionary(
            uniqueKeysWithValues: small.tensors.enumerated().map {
                ($1.name, $0 < half ? "a.safetensors" : "b.safetensors")
            })
    }

    @Test("shards are read as one") func shards() throws {
        try writeShards(soundMap)
        _ = try open()
    }

    @Test(
        "an index that points outside the folder is refused by tensor",
        arguments: ["../a.safetensors", "/etc/passwd", "..", "", "sub/a.safetensors"])
    func outside(file: String) throws {
        try writeShards(soundMap.merging(["model.norm.weight": file]) { $1 })
        let text = try refusal()
        #expect(text.contains("model.safetensors.index.json") && text.contains("model.norm.weight"), "\(text)")
    }

    @Test("a shard that is not there is named") func missingShard() throws {
        try writeShards(soundMap.merging(["model.norm.weight": "c.safetensors"]) { $1 })
        #expect(try refusal().contains("has no file c.safetensors"))
    }

    @Test("a tensor that the index has and no shard is named") func missingInShards() throws {
        try writeShards(soundMap.merging(["model.layers.0.ghost.weight": "a.safetensors"]) { $1 })
        #expect(try refusal().contains("model.layers.0.ghost.weight"))
    }

    @Test("a tensor that two shards have is named") func duplicates() throws {
        try writeShards(soundMap, extra: [small.tensors[0]])
        let text = try refusal()
        #expect(text.contains(small.tensors[0].name) && text.contains("another shard"))
    }

    @Test("an index without a map, or with entries that are no names, is refused") func noMap() throws {
        try writeShards(soundMap)
        _ = try folder.file("model.safetensors.index.json", Array("{}".utf8))
        #expect(try refusal().contains("weight_map"))
        _ = try folder.file("model.safetensors.index.json", Array("{\"weight_map\":{\"a\":1}}".utf8))
        #expect(try refusal().contains("weight_map.a"))
    }
}

/// The fixtures' broken folders and files.
@Suite("Broken model fixtures", .enabled(if: Fixtures.has("bad"), "needs the shared fixtures"))
struct BrokenModelTests {
    @Test("each is refused, and the sentence names what is wrong", arguments: Fixtures.names(in: "bad"))
    func refusal(name: String) throws {
        let description = try Fixtures.json("bad/\(name)/case.json")
        guard let input = description["input"].string, ["model", "gguf"].contains(input) else { return }
        let opened = description["open"].string ?? "."
        do {
            _ = try LanguageModel.open(path: Fixtures.path(opened == "." ? "bad/\(name)" : "bad/\(name)/\(opened)"))
            Issue.record("\(name) was opened")
        } catch let error as any UserFacingError {
            let words =
                switch name {
                case "config-missing-keys": ["hidden_size", "num_attention_heads", "config.json"]
                case "index-missing-shard": ["model-00002-of-00004.safetensors"]
                case "nan-weights": ["model.layers.0.mlp.up_proj.weight", "NaN"]
                default: ["model.gguf"]
                }
            for word in words { #expect(error.description.contains(word), "\(error)") }
        }
    }
}
