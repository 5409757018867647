import TopsailTensor

/// Where the weights of a family lie in a file, by name and layout.
///
/// Names of a layer stand without the layer's prefix and without `.weight` or `.bias`; `nil` is for what a family does not have.
struct TensorNames: Sendable {
    /// How queries, keys and values are stored.
    enum Attention: Sendable {
        case separate(query: String, key: String, value: String)
        /// All queries, then all keys, then all values, as outputs of one matrix.
        case fused(String)
        /// For each head its query, key and value, as outputs of one matrix (GPT-NeoX in Hugging Face files).
        case fusedByHead(String)
    }

    /// How the first product of the MLP is stored.
    enum MLPInput: Sendable {
        case gated(gate: String, up: String)
        /// The gate, then what it multiplies, as outputs of one matrix.
        case gatedFused(String)
        case plain(String)
    }

    /// What stands before all other names; the first under which the embedding is found holds for the file.
    var prefixes: [String]
    /// What stands before a layer's number.
    var layers: String
    var embedding: String
    var positions: String?
    var finalNorm: String
    /// The whole name, no prefix put before it.
    var unembedding: [String]
    var attentionNorm: String?
    var attention: Attention
    var queryNorm: String?
    var keyNorm: String?
    var attentionOutput: String
    var attentionPostNorm: String?
    var mlpNorm: String?
    var mlpInput: MLPInput
    var mlpOutput: String
    var mlpPostNorm: String?
    /// Which index of a layer's matrices runs slowly.
    var order = StoredMatrix.Order.outputsFirst
    /// Added to every norm weight: Gemma's safetensors hold `w` of `1 + w`.
    var normOffset: Float = 0
    /// Ends of names that hold nothing the forward pass needs: masks and tables that older checkpoints carry.
    var ignoredSuffixes: [String] = ["rotary_emb.inv_freq", "masked_bias"]
}

extension TensorNames {
    /// Names shared by Llama and those after it, as transformers writes them.
    static let llama = TensorNames(
        prefixes: ["model.", "", "language_model.model.", "model.language_model."], layers: "layers",
        embedding: "embed_tokens", finalNorm: "norm", unembedding: ["lm_head", "language_model.lm_head"],
        attentionNorm: "input_layernorm",
        attention: .separate(query: "self_attn.q_proj", key: "self_attn.k_proj", value: "self_attn.v_proj"),
        attentionOutput: "self_attn.o_proj", mlpNorm: "post_attention_layernorm",
        mlpInput: .gated(gate: "mlp.gate_proj", up: "mlp.up_proj"), mlpOutput: "mlp.down_proj")

    /// Names in GGUF files, shared by all architectures.
    static let gguf = TensorNames(
        prefixes: [""], layers: "blk", embedding: "token_embd", finalNorm: "output_norm", unembedding: ["output"],
        attentionNorm: "attn_norm", attention: .separate(query: "attn_q", key: "attn_k", value: "attn_v"),
        attentionOutput: "attn_output", mlpNorm: "ffn_norm", mlpInput: .gated(gate: "ffn_gate", up: "ffn_up"),
        mlpOutput: "ffn_down")

    /// A copy with something changed.
    func with(_ change: (inout TensorNames) -> Void) -> TensorNames {
        var copy = self
        change(&copy)
        return copy
    }
}
