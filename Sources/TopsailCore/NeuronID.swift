/// The name of a neuron (one SAE latent).
///
/// Within a model's default SAE set it is `layer_index` (`17_2424`, Safe-SAIL's spelling); in general `sae-name/index`.
public enum NeuronID: Sendable, Hashable {
    case layered(layer: Int, index: Int)
    case named(sae: String, index: Int)

    public var index: Int {
        switch self {
        case .layered(_, let index), .named(_, let index): index
        }
    }
}

extension NeuronID: CustomStringConvertible {
    public var description: String {
        switch self {
        case .layered(let layer, let index): "\(layer)_\(index)"
        case .named(let sae, let index): "\(sae)/\(index)"
        }
    }

    /// Reads `17_2424` or `sae-name/1424`; `nil` for anything else.
    public init?(_ text: String) {
        if let slash = text.lastIndex(of: "/") {
            let name = text[..<slash]
            guard !name.isEmpty, let index = Int(text[text.index(after: slash)...]), index >= 0 else { return nil }
            self = .named(sae: String(name), index: index)
            return
        }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let layer = Int(parts[0]), let index = Int(parts[1]), layer >= 0, index >= 0 else {
            return nil
        }
        self = .layered(layer: layer, index: index)
    }
}
