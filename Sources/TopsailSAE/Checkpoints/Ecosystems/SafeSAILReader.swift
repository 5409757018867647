import TopsailCore

/// Reads Safe-SAIL's checkpoints (Alibaba-AAIG/Safe-SAIL): a pickled dict of stacked SAEs, `encoder.weight [n, d_sae, d_in]`,
/// `encoder.bias [n, d_sae]`, `pre_encoder_bias._bias_reference [n, d_in]`, with JumpReLU `encoder.theta [n, d_sae]`.
///
/// k is nowhere in the file. The release has no decoder; files of the training library have `decoder.weight
/// [n, d_in, d_sae]`. Source: Safe-SAIL, `sae.py`, `activation_function.py`.
enum SafeSAILReader: CheckpointReader {
    static let format = "safe-sail"
    private static let biasName = "pre_encoder_bias._bias_reference"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.tensors.archive.tensors.contains { $0.name.hasSuffix(biasName) }
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let shape = try tensors.shape("encoder.weight")
        guard shape.count == 3, shape.allSatisfy({ $0 > 0 && $0 <= Int(Int32.max) }) else {
            throw SAECheckpointError(
                checkpoint.path,
                .badValue(key: "the shape of encoder.weight", expected: "[n, d_sae, d_in]", found: "\(shape)"))
        }
        let (count, dSAE, dIn) = (shape[0], shape[1], shape[2])
        let index = checkpoint.options.modelIndex ?? 0
        guard index < count else {
            throw SAECheckpointError(
                checkpoint.path,
                .badValue(key: "option model_index", expected: "below \(count)", found: "\(index)"))
        }
        func vector(_ name: String, _ width: Int) throws -> [Float] {
            let view = try tensors.view(name, shape: [count, width]).element(index)
            var values = [Float](repeating: 0, count: width)
            view.read(into: &values)
            return values
        }
        let bias = try vector(biasName, dIn)
        let matrix = SAEMatrix(try tensors.view("encoder.weight", shape: shape).element(index)).prepared()
        var decoder = LinearDecoder(bias: bias)
        let hasDecoder = tensors.has("decoder.weight")
        if hasDecoder {
            let view = try tensors.view("decoder.weight", shape: [count, dIn, dSAE]).element(index)
            decoder.matrix = SAEMatrix(view).transposed.prepared()
            if tensors.has("tied_bias") { decoder.bias = try vector("tied_bias", dIn) }
        }
        let hasThresholds = tensors.has("encoder.theta")
        let layer = checkpoint.layer
        var info = checkpoint.info(
            format, hasThresholds ? .jumprelu : .topk, dIn: dIn, dOut: dIn, dSAE: dSAE,
            dtype: try tensors.dtype("encoder.weight"), hook: layer.map { HookPoint(.mlpOut, layer: $0) },
            parameters: ["models": .int(count), "model_index": .int(index)])
        info.hasDecoder = hasDecoder
        info.hookName = layer.map { "model.layers.\($0).mlp.down_proj" }
        if !hasThresholds, let k = checkpoint.options.k { info.parameters["k"] = .int(k) }
        let core = LinearCore(
            info: info, input: InputPreparation(center: bias),
            encoder: LinearEncoder(matrix: matrix, bias: NeuronFactors(try vector("encoder.bias", dSAE))),
            decoder: decoder)
        if hasThresholds {
            return JumpReLUSAE(core: core, thresholds: try vector("encoder.theta", dSAE), keepsNegative: true)
        }
        guard let k = checkpoint.options.k else {
            throw SAECheckpointError(checkpoint.path, .missingOption("k", example: "200"))
        }
        return TopKSAE(core: core, k: k, ties: .allSurvive)
    }
}
