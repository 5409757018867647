/// A neuron by its SAE's place in a list and its index.
public struct NeuronPlace: Sendable, Hashable, Comparable {
    public var sae: Int
    public var index: Int

    public init(sae: Int, index: Int) {
        self.sae = sae
        self.index = index
    }

    public static func < (a: NeuronPlace, b: NeuronPlace) -> Bool { (a.sae, a.index) < (b.sae, b.index) }
}

/// The neurons that contrast pairs give to concepts, from features that were read already.
public struct AssessmentNeurons: Sendable {
    public var selection: ContrastSelection
    /// Neurons of each SAE.
    public var widths: [Int]
    /// What activations are divided by, by SAE and neuron.
    public var normalisers: [[Float]]

    public init(selection: ContrastSelection, widths: [Int], normalisers: [[Float]]) {
        self.selection = selection
        self.widths = widths
        self.normalisers = normalisers
    }

    /// The contrast of each concept, by SAE; concepts in the order of their first examples.
    public func contrasts(_ examples: [AssessmentExample]) -> [[ConceptContrast]] {
        var names: [String] = []
        var pairs: [String: [(present: TextFeatures, absent: TextFeatures)]] = [:]
        // A pair that was read in two ways comes twice, each time its present text first.
        var waiting: [Int: TextFeatures] = [:]
        for example in examples {
            switch example.role {
            case .present(let concept):
                if !names.contains(concept) { names.append(concept) }
                waiting[example.group] = example.features
            case .absent(let concept):
                guard let present = waiting.removeValue(forKey: example.group) else { continue }
                pairs[concept, default: []].append((present, example.features))
            case .harmful, .harmless, .background: break
            }
        }
        let concepts = names.map { (name: $0, pairs: pairs[$0] ?? []) }
        return widths.indices.map { sae in
            ConceptContrast.all(concepts, sae: sae, dSAE: widths[sae], normalisers: normalisers[sae])
        }
    }

    /// The chosen neurons of each concept.
    public func chosen(_ examples: [AssessmentExample]) -> [String: [NeuronPlace]] {
        var chosen: [String: [NeuronPlace]] = [:]
        for (sae, contrasts) in contrasts(examples).enumerated() {
            let background = ContrastBackground(contrasts)
            for contrast in contrasts {
                let places = selection.choose(contrast, background: background).map {
                    NeuronPlace(sae: sae, index: $0.neuron)
                }
                chosen[contrast.concept, default: []] += places
            }
        }
        return chosen
    }
}
