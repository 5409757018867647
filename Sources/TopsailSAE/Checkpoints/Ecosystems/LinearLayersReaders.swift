import TopsailCore

/// Reads Goodfire's SAEs: a bare state dict of `encoder_linear` and `decoder_linear`. ReLU, nothing subtracted.
enum GoodfireReader: CheckpointReader {
    static let format = "goodfire"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.tensors.has("encoder_linear.weight", "decoder_linear.weight")
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        try LinearLayers(format: format, encoder: "encoder_linear", decoder: "decoder_linear").read(checkpoint)
    }
}

/// Reads qresearch's SAEs: a bare state dict of `encoder` and `decoder`. ReLU, nothing subtracted.
enum QResearchReader: CheckpointReader {
    static let format = "qresearch"

    static func recognises(_ checkpoint: Checkpoint) -> Bool {
        checkpoint.tensors.has("encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias")
    }

    static func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        try LinearLayers(format: format, encoder: "encoder", decoder: "decoder").read(checkpoint)
    }
}

/// Two linear layers with a ReLU between; the layer's number is in the file's name (`…-l19`), after the block.
private struct LinearLayers {
    let format: String
    let encoder: String
    let decoder: String

    func read(_ checkpoint: Checkpoint) throws -> any SparseAutoencoder {
        let tensors = checkpoint.tensors
        let (dSAE, dIn) = try tensors.extents("\(encoder).weight")
        let dOut = try tensors.extents("\(decoder).weight").rows
        let info = checkpoint.info(
            format, .standard, dIn: dIn, dOut: dOut, dSAE: dSAE, dtype: try tensors.dtype("\(encoder).weight"),
            hook: checkpoint.layer.map { HookPoint(.residPost, layer: $0) })
        return StandardSAE(
            core: LinearCore(
                info: info, input: InputPreparation(),
                encoder: LinearEncoder(
                    matrix: try tensors.matrix("\(encoder).weight", rows: dSAE, columns: dIn),
                    bias: NeuronFactors(try tensors.vector("\(encoder).bias", count: dSAE))),
                decoder: LinearDecoder(
                    matrix: try tensors.transposed("\(decoder).weight", rows: dSAE, columns: dOut),
                    bias: try tensors.vector("\(decoder).bias", count: dOut))))
    }
}
