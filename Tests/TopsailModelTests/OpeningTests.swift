import Foundation
import Testing
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTestSupport

/// Opening maps weights; reading touches only the layers it runs.
///
/// The model is a sparse file: its header says 512 MB of zeros, the disk holds a few kilobytes.
@Suite("Opening large models", .serialized)
struct OpeningTests {
    private static let layers = 16
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let (width, mlp, vocabulary) = (1024, 2176, 512)
        let settings: [String: Any] = [
            "model_type": "llama", "hidden_size": width, "num_attention_heads": 8, "num_key_value_heads": 8,
            "num_hidden_layers": Self.layers, "intermediate_size": mlp, "max_position_embeddings": 131_072,
            "tie_word_embeddings": true,
        ]
        _ = try folder.file("config.json", JSONSerialization.data(withJSONObject: settings))
        var shapes: [(String, [Int])] = [("model.embed_tokens.weight", [vocabulary, width])]
        for layer in 0..<Self.layers {
            let names = [
                ("input_layernorm", [width]), ("self_attn.q_proj", [width, width]),
                ("self_attn.k_proj", [width, width]), ("self_attn.v_proj", [width, width]),
                ("self_attn.o_proj", [width, width]), ("post_attention_layernorm", [width]),
                ("mlp.gate_proj", [mlp, width]), ("mlp.up_proj", [mlp, width]), ("mlp.down_proj", [width, mlp]),
            ]
            shapes += names.map { ("model.layers.\(layer).\($0).weight", $1) }
        }
        shapes.append(("model.norm.weight", [width]))
        try Self.writeSparse(shapes, to: folder.path("model.safetensors"))
    }

    /// A safetensors file of fp32 zeros that takes no room on disk.
    private static func writeSparse(_ shapes: [(String, [Int])], to path: String) throws {
        var offset = 0
        let entries = shapes.map { name, shape in
            let start = offset
            offset += 4 * shape.reduce(1, *)
            return "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(start),\(offset)]}"
        }
        var header = Array("{\(entries.joined(separator: ","))}".utf8)
        header += Array(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        let length = withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init)
        try Data(length + header).write(to: URL(fileURLWithPath: path))
        #expect(truncate(path, off_t(8 + header.count + offset)) == 0)
    }

    /// Megabytes of the file's mapping that are resident.
    private func residentWeights() throws -> Double {
        // The file claims to be empty, so it is read to its end.
        let handle = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
        let maps = String(decoding: try #require(try handle.readToEnd()), as: UTF8.self).split(separator: "\n")
        guard let start = maps.firstIndex(where: { $0.hasSuffix("\(folder.url.lastPathComponent)/model.safetensors") }),
            let line = maps[start...].first(where: { $0.hasPrefix("Rss:") })
        else { return 0 }
        return (Double(line.filter(\.isNumber)) ?? 0) / 1024
    }

    @Test(
        "opening reads no weights, and reading up to a layer only those below it",
        .enabled(if: isLinux, "resident memory is read from /proc"))
    func resident() throws {
        let clock = ContinuousClock()
        var opened: LanguageModel?
        let time = try clock.measure { opened = try LanguageModel.open(path: folder.url.path) }
        let model = try #require(opened)
        let whole = 4.0 * Double(16 * (4 * 1024 * 1024 + 3 * 1024 * 2176)) / Double(1 << 20)
        #expect(time < .seconds(2))
        #expect(try residentWeights() < 0.05 * whole)

        let session = ModelSession(model, precision: .exact)
        #expect(session.capacity == 131_072)
        for layer in [2, 8, 16] {
            try session.read([1, 2, 3], hooks: HookSet([HookPoint(.residPost, layer: layer - 1)]) { _ in })
            let share = try residentWeights() / whole
            // The kernel reads a little ahead.
            #expect(share > 0.9 * Double(layer) / 16 && share < Double(layer) / 16 + 0.1, "\(layer): \(share)")
        }
    }
}

#if os(Linux)
    private let isLinux = true
#else
    private let isLinux = false
#endif
