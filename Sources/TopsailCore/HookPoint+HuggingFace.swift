extension HookPoint {
    /// Reads the name of a module in a Hugging Face model, e.g. `model.layers.3.mlp.down_proj` or `transformer.h.5.attn.c_proj.input`.
    ///
    /// Names of Llama and those after it, GPT-2 and GPT-NeoX are known. Without `.input` or `.output` at the end the module's output
    /// is meant. `nil` for a module that no hook point stands for.
    ///
    /// - Parameter hasPostNorms: Whether norms stand between attention or MLP and the stream (Gemma 2/3, OLMo 2): the output of
    ///   `mlp` is then `mlp_out_raw`, and that of its post-norm `mlp_out`. `nil` where that is not known: only the name of a
    ///   module that no other models have then tells of post-norms.
    public init?(huggingFace name: String, hasPostNorms: Bool?) {
        var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let readsInput = parts.last == "input"
        if readsInput || parts.last == "output" { parts.removeLast() }
        // Whatever wraps the layers, `model.language_model` for one, stands before them.
        guard let place = parts.firstIndex(where: { $0 == "layers" || $0 == "h" }) else {
            let finalNorms: Set = ["norm", "ln_f", "final_layer_norm"]
            guard let last = parts.last, finalNorms.contains(last), !readsInput else { return nil }
            self.init(.finalNorm)
            return
        }
        guard place + 1 < parts.count, let layer = Int(parts[place + 1]), layer >= 0 else { return nil }
        let module = parts[(place + 2)...].joined(separator: ".")
        let site = readsInput ? Self.input(of: module, hasPostNorms) : Self.output(of: module, hasPostNorms)
        guard let site else { return nil }
        self.init(site, layer: layer)
    }

    /// Whether this is a hook point's name in any spelling, for a model of any family.
    public static func isName(_ text: String) -> Bool {
        HookPoint(text) != nil || HookPoint(huggingFace: text, hasPostNorms: false) != nil
            || HookPoint(huggingFace: text, hasPostNorms: true) != nil
    }

    private static func output(of module: String, _ hasPostNorms: Bool?) -> HookSite? {
        switch module {
        case "": .residPost
        case "self_attn", "attn", "attention", "self_attn.o_proj", "attn.c_proj", "attention.dense":
            hasPostNorms == true ? .attnOutRaw : .attnOut
        case "mlp", "mlp.down_proj", "mlp.c_proj", "mlp.dense_4h_to_h": hasPostNorms == true ? .mlpOutRaw : .mlpOut
        case "post_attention_layernorm" where hasPostNorms == true: .attnOut
        case "post_feedforward_layernorm" where hasPostNorms != false: .mlpOut
        default: nil
        }
    }

    private static func input(of module: String, _ hasPostNorms: Bool?) -> HookSite? {
        switch module {
        case "", "input_layernorm", "ln_1": .residPre
        case "self_attn.o_proj", "attn.c_proj", "attention.dense": .attnZ
        case "mlp.down_proj", "mlp.c_proj", "mlp.dense_4h_to_h": .mlpAct
        case "post_attention_layernorm": hasPostNorms.map { $0 ? .attnOutRaw : .residMid }
        case "ln_2", "pre_feedforward_layernorm": .residMid
        case "post_feedforward_layernorm" where hasPostNorms != false: .mlpOutRaw
        default: nil
        }
    }
}
