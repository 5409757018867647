import Foundation
import TopsailFiles
import TopsailTensor
import TopsailTestSupport

/// A Hugging Face folder of a one-layer Llama that tests spoil in one place.
struct SmallModel {
    typealias Declaration = SafetensorsWriter.Declaration

    /// `config.json`; a value of `NSNull` is written as null.
    var settings: [String: Any] = [
        "model_type": "llama", "hidden_size": 8, "num_attention_heads": 2, "num_key_value_heads": 1,
        "num_hidden_layers": 1, "intermediate_size": 12, "vocab_size": 16, "max_position_embeddings": 32,
        "rms_norm_eps": 1e-6, "hidden_act": "silu", "tie_word_embeddings": true,
    ]
    var tensors: [Declaration] = [
        Declaration("model.embed_tokens.weight", .f32, [16, 8]),
        Declaration("model.layers.0.input_layernorm.weight", .f32, [8]),
        Declaration("model.layers.0.self_attn.q_proj.weight", .f32, [8, 8]),
        Declaration("model.layers.0.self_attn.k_proj.weight", .f32, [4, 8]),
        Declaration("model.layers.0.self_attn.v_proj.weight", .f32, [4, 8]),
        Declaration("model.layers.0.self_attn.o_proj.weight", .f32, [8, 8]),
        Declaration("model.layers.0.post_attention_layernorm.weight", .f32, [8]),
        Declaration("model.layers.0.mlp.gate_proj.weight", .f32, [12, 8]),
        Declaration("model.layers.0.mlp.up_proj.weight", .f32, [12, 8]),
        Declaration("model.layers.0.mlp.down_proj.weight", .f32, [8, 12]),
        Declaration("model.norm.weight", .f32, [8]),
    ]
    /// The tensor whose last value is NaN.
    var notANumber: String?

    /// Writes the folder, in one file of weights.
    func write(to folder: TemporaryFolder) throws {
        try writeSettings(to: folder)
        try writeTensors(tensors, to: folder.path("model.safetensors"))
    }

    func writeSettings(to folder: TemporaryFolder) throws {
        _ = try folder.file("config.json", JSONSerialization.data(withJSONObject: settings))
    }

    /// Writes a file of fp32 and one-byte tensors: small numbers, all different.
    func writeTensors(_ tensors: [Declaration], to path: String) throws {
        let writer = try SafetensorsWriter(path: path, tensors: tensors)
        for tensor in tensors {
            let count = tensor.shape.reduce(1, *)
            if tensor.dtype == .f32 {
                var values = (0..<count).map { Float($0 % 7) / 10 - 0.25 }
                if tensor.name == notANumber { values[count - 1] = .nan }
                try values.withUnsafeBufferPointer { try writer.append($0, to: tensor.name) }
            } else {
                let bytes = [UInt8](repeating: 0x38, count: count * tensor.dtype.bytesPerBlock)
                try bytes.withUnsafeBytes { try writer.append($0, to: tensor.name) }
            }
        }
        try writer.finish()
    }

    mutating func reshape(_ name: String, to shape: [Int]) {
        tensors = tensors.map { $0.name == name ? Declaration(name, $0.dtype, shape) : $0 }
    }

    mutating func remove(_ name: String) { tensors.removeAll { $0.name == name } }
}
