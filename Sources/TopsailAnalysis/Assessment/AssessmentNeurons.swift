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
        var concepts: [String] = []
        var pairs: [Int: (concept: String, present: TextFeatures?, absent: TextFeatures?)] = [:]
        for example in examples {
            switch example.role {
            case .present(let concept):
                if !concepts.contains(concept) { concepts.append(concept) }
                pairs[example.group, default: (concept, nil, nil)].present = example.features
            case .absent(let concept): pairs[example.group, default: (concept, nil, nil)].absent = example.features
            case .background: break
            }
        }
        return widths.indices.map { sae in
            var contrasts = Dictionary(
                uniqueKeysWithValues: concepts.map { ($0, ConceptContrast(concept: $0, dSAE: widths[sae])) })
            for (_, pair) in pairs.sorted(by: { $0.key < $1.key }) {
                guard let present = pair.present, let absent = pair.absent else { continue }
                contrasts[pair.concept]?.add(
                    present: present.neurons[sae].mapValues(\.maximum),
                    absent: absent.neurons[sae].mapValues(\.maximum),
                    normalisers: normalisers[sae])
            }
            return concepts.map { contrasts[$0]! }
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
