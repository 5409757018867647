/// Reads Switch SAEs (amudide/switch_sae): a dictionary_learning folder whose `ae.pt` has `encoder.weight` without a bias,
/// `router.weight [experts, d_in]`, `decoder [d_sae, d_in]`, `b_dec` and `b_router`.
enum SwitchReader: CheckpointReader {
    static let format = "switch-sae"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.tensors.has("encoder.weight", "router.weight", "decoder")
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let reading = try DictionaryLearningReading(checkpoint, format: format)
        let (tensors, trainer) = (checkpoint.tensors, reading.trainer)
        let (dSAE, dIn) = try tensors.extents("encoder.weight")
        let experts = try tensors.extents("router.weight").rows
        guard dSAE % experts == 0 else {
            throw SAECheckpointError(
                checkpoint.path,
                .badValue(key: "experts", expected: "a divisor of \(dSAE)", found: "\(experts)"))
        }
        if let announced = try trainer.optionalSize("experts"), announced != experts {
            throw SAECheckpointError(
                checkpoint.path,
                .wrongShape(tensor: "router.weight", expected: [announced, dIn], found: [experts, dIn]))
        }
        let bias = try tensors.vector("b_dec", count: dIn)
        var info = try reading.info(.switchTopK, dIn, dSAE, tensors.dtype("encoder.weight"))
        let k = try reading.k()
        let isHeaviside = try trainer.bool("heaviside") ?? false
        info.parameters["k"] = .int(k)
        info.parameters["experts"] = .int(experts)
        info.parameters["heaviside"] = .bool(isHeaviside)
        let core = LinearCore(
            info: info, input: InputPreparation(center: bias),
            encoder: LinearEncoder(
                matrix: try tensors.matrix("encoder.weight", rows: dSAE, columns: dIn),
                bias: tensors.has("encoder.bias")
                    ? NeuronFactors(try tensors.vector("encoder.bias", count: dSAE)) : nil),
            decoder: LinearDecoder(matrix: try tensors.matrix("decoder", rows: dSAE, columns: dIn), bias: bias))
        return SwitchSAE(
            core: core, router: try tensors.matrix("router.weight", rows: experts, columns: dIn),
            routerBias: try tensors.optionalVector("b_router", count: dIn), k: k, isHeaviside: isHeaviside)
    }
}
