/// A place in a transformer block where an activation can be read or written.
///
/// The raw value is the canonical spelling, used in file names, SQL and JSON.
public enum HookSite: String, Sendable, Hashable, CaseIterable, Codable {
    /// The residual stream going into a layer. Shape `[tokens, d_model]`.
    case residPre = "resid_pre"
    /// The residual stream after attention, before the MLP; absent in parallel blocks. Shape `[tokens, d_model]`.
    case residMid = "resid_mid"
    /// The residual stream leaving a layer. Shape `[tokens, d_model]`.
    case residPost = "resid_post"
    /// What attention adds to the residual stream. Shape `[tokens, d_model]`.
    case attnOut = "attn_out"
    /// Attention's output before a post-norm (Gemma 2/3, OLMo 2). Shape `[tokens, d_model]`.
    case attnOutRaw = "attn_out_raw"
    /// What the MLP adds to the residual stream. Shape `[tokens, d_model]`.
    case mlpOut = "mlp_out"
    /// The MLP's output before a post-norm. Shape `[tokens, d_model]`.
    case mlpOutRaw = "mlp_out_raw"
    /// The heads' outputs side by side, going into the output projection. Shape `[tokens, heads * d_head]`.
    case attnZ = "attn_z"
    /// MLP activations going into the down projection (after the gate). Shape `[tokens, d_mlp]`.
    case mlpAct = "mlp_act"
    /// After the last norm, going into the unembedding; has no layer. Shape `[tokens, d_model]`.
    case finalNorm = "final_norm"
}

/// A hook site in one layer, e.g. `mlp_out.14`.
public struct HookPoint: Sendable, Hashable, Codable {
    public var site: HookSite
    /// Zero-based layer; `0` for `final_norm`, where it means nothing.
    public var layer: Int

    public init(_ site: HookSite, layer: Int = 0) {
        self.site = site
        self.layer = layer
    }
}

extension HookPoint: CustomStringConvertible {
    /// The canonical spelling: `mlp_out.14`, `final_norm`.
    public var description: String { site == .finalNorm ? site.rawValue : "\(site.rawValue).\(layer)" }

    /// TransformerLens' name, as SAELens configurations hold it; `nil` where it has none.
    public var transformerLensName: String? {
        switch site {
        case .residPre: "blocks.\(layer).hook_resid_pre"
        case .residMid: "blocks.\(layer).hook_resid_mid"
        case .residPost: "blocks.\(layer).hook_resid_post"
        case .attnOut: "blocks.\(layer).hook_attn_out"
        case .mlpOut: "blocks.\(layer).hook_mlp_out"
        case .attnZ: "blocks.\(layer).attn.hook_z"
        case .mlpAct: "blocks.\(layer).mlp.hook_post"
        case .finalNorm: "ln_final.hook_normalized"
        case .attnOutRaw, .mlpOutRaw: nil
        }
    }

    /// Reads the canonical (`mlp_out.14`) or the TransformerLens spelling (`blocks.14.hook_mlp_out`); `nil` for anything else.
    public init?(_ text: String) {
        if text == HookSite.finalNorm.rawValue || text == "ln_final.hook_normalized" {
            self.init(.finalNorm)
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 2, let site = HookSite(rawValue: String(parts[0])), let layer = Int(parts[1]), layer >= 0 {
            self.init(site, layer: layer)
            return
        }
        guard parts.count >= 3, parts[0] == "blocks", let layer = Int(parts[1]), layer >= 0 else { return nil }
        for site in HookSite.allCases where HookPoint(site, layer: layer).transformerLensName == text {
            self.init(site, layer: layer)
            return
        }
        return nil
    }
}
