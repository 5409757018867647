import Foundation
import TopsailCore

/// Hook points in the words of the libraries that make SAEs.
enum HookNames {
    /// The hook point that a name means; `nil` when it is none that is read here.
    ///
    /// Reads the canonical and TransformerLens' spelling, Hugging Face module paths with or without `.input` or `.output`
    /// (the output is meant without), and dictionary_learning's `resid_post_layer_5`.
    ///
    /// - Parameter model: The model's name; Gemma 2 and 3 and OLMo 2 have norms after attention and MLP.
    static func hook(_ name: String, model: String? = nil) -> HookPoint? {
        // e2e_sae writes module names, in which a dot may not stand.
        let name = name.hasPrefix("blocks-") ? name.replacingOccurrences(of: "-", with: ".") : name
        if let hook = HookPoint(name) { return hook }
        let module = name.hasSuffix(".output") ? String(name.dropLast(7)) : name
        if ["embed_tokens", "wte", "embed_in"].contains(module.split(separator: ".").last) {
            return HookPoint(.residPre, layer: 0)
        }
        return layered(name) ?? HookPoint(huggingFace: name, hasPostNorms: hasPostNorms(model) ? true : nil)
    }

    /// The layer that a hook name is about, also where its point is none that is read here.
    static func layer(_ name: String) -> Int? {
        let parts = name.split { ".-_".contains($0) }.map(String.init)
        for (key, number) in zip(parts, parts.dropFirst()) {
            if ["blocks", "layers", "layer", "h"].contains(key), let layer = Int(number) { return layer }
        }
        return nil
    }

    static func hasPostNorms(_ model: String?) -> Bool {
        guard let model = model?.lowercased() else { return false }
        return ["gemma-2-", "gemma-3", "gemma2", "gemma3", "gemma-v3", "gemma-v2", "olmo-2", "olmo2"].contains {
            model.contains($0)
        } || model.hasSuffix("gemma-2")
    }

    /// `resid_post_layer_5`.
    private static func layered(_ name: String) -> HookPoint? {
        guard let range = name.range(of: "_layer_"), let layer = Int(name[range.upperBound...]), layer >= 0 else {
            return nil
        }
        let sites: [String: HookSite] = [
            "resid_post": .residPost, "resid_pre": .residPre, "resid_mid": .residMid, "mlp_out": .mlpOut,
            "attn_out": .attnOut, "attention_out": .attnOut, "mlp": .mlpOut, "attn": .attnOut,
        ]
        return sites[String(name[..<range.lowerBound])].map { HookPoint($0, layer: layer) }
    }
}

/// Numbers in the names of files and folders.
enum PathNumbers {
    /// The layer that a path is about: the last part that says one, as `layer_20`, `layer14.sae.pt`, `…-l19`, `L15R` or
    /// `layers.5` do.
    static func layer(in path: String) -> Int? {
        for part in path.split(separator: "/").reversed() {
            let text = String(part)
            for pattern in [
                #"(?i)layers?[_.]?(\d+)"#, #"(?i)-l(\d+)(?:[-_.]|$)(?!\d)"#, #"(?:^|-)L(\d+)(?:R|M|A|TC)(?:-|$)"#,
                #"(?:^|_)L(\d+)_"#,
            ] {
                if let number = first(pattern, in: text) { return number }
            }
        }
        return nil
    }

    /// The first group of a pattern as a number.
    static func first(_ pattern: String, in text: String) -> Int? {
        guard let expression = try? NSRegularExpression(pattern: pattern),
            let match = expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)),
            let range = Range(match.range(at: 1), in: text)
        else { return nil }
        return Int(text[range])
    }
}
