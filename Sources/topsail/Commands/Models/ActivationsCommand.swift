import ArgumentParser
import Foundation
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTensor

/// `topsail activations`: what a model computes at its hook points, as a file.
struct ActivationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activations", abstract: "Write a model's activations to a safetensors file.",
        discussion: """
            Example:
              topsail activations --text "The capital of France is" --hook resid_post.14 mlp_out.14 --output a.safetensors
            Tensors are fp32 [tokens, d] under the hooks' names, logits [tokens, vocab], input_ids int64.
            Hook points: resid_pre.L resid_mid.L resid_post.L attn_out.L mlp_out.L attn_z.L mlp_act.L final_norm, with post-norms
            attn_out_raw.L mlp_out_raw.L; also blocks.L.hook_mlp_out and model.layers.L.mlp.down_proj.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var prompt: PromptOptions
    @Option(name: .customLong("hook"), parsing: .upToNextOption, help: "Hook points to write.") var hooks: [String] = []
    @Flag(help: "Write the logits as well.") var logits = false
    @Option(help: "The safetensors file to write.", completion: .file()) var output: String

    func validate() throws {
        for name in hooks where !HookPoint.isName(name) {
            throw ValidationError("\(name) is no hook point; they look like resid_post.3, mlp_out.14 or final_norm")
        }
    }

    func run() async throws {
        let model = try model.open(in: common.place)
        let tokens = try prompt.tokens(for: model)
        let points = Set(try hooks.map(model.hookPoint(named:))).sorted { $0.description < $1.description }
        try Interruption.handled { try write(tokens, points, model) }
        if common.json {
            StandardOutput.line(
                JSONText.object([
                    "output": output, "tokens": tokens.count, "hooks": points.map(\.description), "logits": logits,
                ]).line)
        }
    }

    private func write(_ tokens: [TokenID], _ points: [HookPoint], _ model: LanguageModel) throws {
        let configuration = model.configuration
        var tensors = [SafetensorsWriter.Declaration("input_ids", .i64, [tokens.count])]
        for point in points {
            tensors.append(.init(point.description, .f32, [tokens.count, configuration.width(of: point) ?? 0]))
        }
        if logits { tensors.append(.init("logits", .f32, [tokens.count, configuration.vocabularySize])) }
        let session = ModelSession(model, precision: self.model.precision, capacity: tokens.count, maximumRows: 128)
        guard tokens.count <= session.capacity else {
            throw ModelError.contextTooLong(tokens: tokens.count, limit: session.capacity)
        }
        let writer = try SafetensorsWriter(path: output, tensors: tensors)
        try tokens.map(Int64.init).withUnsafeBytes { try writer.append($0, to: "input_ids") }

        let progress = ProgressLine(common.progress)
        let set = HookSet(Set(points)) { activation in
            try writer.append(
                UnsafeBufferPointer(start: activation.values, count: activation.rows * activation.width),
                to: activation.point.description)
        }
        // In pieces, so that the logits of a long text never lie in memory together.
        for start in stride(from: 0, to: tokens.count, by: 128) where logits || !points.isEmpty {
            let piece = tokens[start..<min(start + 128, tokens.count)]
            let values = try session.append(
                [piece], slots: [0], hooks: set, logits: logits ? .all : .none, plannedLength: tokens.count,
                isCancelled: { Interruption.isRequested })
            if logits {
                try writer.append(UnsafeBufferPointer(start: values.pointer, count: values.count), to: "logits")
            }
            progress.show("\(piece.endIndex) of \(tokens.count) tokens")
        }
        try writer.finish()
    }
}
