/// How each neuron of one SAE tells a concept from its absence.
///
/// `A(text)` is a neuron's largest activation over the counted tokens of a text.
public struct ConceptContrast: Sendable, Hashable {
    public let concept: String
    public private(set) var pairs = 0
    /// Pairs with `A(present) > 0` and `A(absent) = 0`, by neuron.
    public private(set) var presentOnly: [Int]
    /// Pairs with the roles exchanged.
    public private(set) var absentOnly: [Int]
    /// Pairs with `A(present) > 0`, by neuron.
    public private(set) var presentFired: [Int]
    /// Pairs with `A(absent) > 0`, by neuron.
    public private(set) var absentFired: [Int]
    /// Neurons with `A(present) > 0` and `A(absent) = 0`, by pair; rising.
    public private(set) var presentOnlyByPair: [[Int32]] = []
    /// Likewise with the roles exchanged.
    public private(set) var absentOnlyByPair: [[Int32]] = []
    private var differences: [Double]
    /// `A` of the neurons that fired, by pair, in the units of `effect`.
    private var presentValues: [[Int32: Float]] = []
    private var absentValues: [[Int32: Float]] = []

    public init(concept: String, dSAE: Int) {
        self.concept = concept
        presentOnly = Array(repeating: 0, count: dSAE)
        absentOnly = presentOnly
        presentFired = presentOnly
        absentFired = presentOnly
        differences = Array(repeating: 0, count: dSAE)
    }

    /// Adds a pair.
    ///
    /// - Parameters:
    ///   - present: `A(present)` of the neurons that fired; likewise `absent`.
    ///   - normalisers: What activations are divided by, by neuron; `nil` leaves them in the SAE's units.
    public mutating func add(present: [Int32: Float], absent: [Int32: Float], normalisers: [Float]? = nil) {
        pairs += 1
        func unit(_ index: Int) -> Double { normalisers.map { $0[index] > 0 ? Double($0[index]) : 1 } ?? 1 }
        for neuron in Set(present.keys).union(absent.keys) {
            let index = Int(neuron)
            let difference = Double(present[neuron] ?? 0) - Double(absent[neuron] ?? 0)
            differences[index] += difference / unit(index)
            let isPresent = present[neuron] != nil
            let isAbsent = absent[neuron] != nil
            presentFired[index] += isPresent ? 1 : 0
            absentFired[index] += isAbsent ? 1 : 0
            presentOnly[index] += isPresent && !isAbsent ? 1 : 0
            absentOnly[index] += isAbsent && !isPresent ? 1 : 0
        }
        presentOnlyByPair.append(present.keys.filter { absent[$0] == nil }.sorted())
        absentOnlyByPair.append(absent.keys.filter { present[$0] == nil }.sorted())
        func inUnits(_ values: [Int32: Float]) -> [Int32: Float] {
            normalisers == nil
                ? values
                : Dictionary(uniqueKeysWithValues: values.map { ($0, Float(Double($1) / unit(Int($0)))) })
        }
        presentValues.append(inUnits(present))
        absentValues.append(inUnits(absent))
    }

    private func share(_ counts: [Int]) -> [Double] { counts.map { Double($0) / Double(max(pairs, 1)) } }

    /// Share of the pairs that a neuron tells apart by firing only where the concept is.
    public var frequency: [Double] { share(presentOnly) }
    /// Share of the pairs where it fires only where the concept is not: what chance alone gives.
    public var reverseFrequency: [Double] { share(absentOnly) }
    /// Mean of `A(present) − A(absent)`.
    public var effect: [Double] { differences.map { $0 / Double(max(pairs, 1)) } }
    public var iCDF: Double { ContrastMetrics.iCDF(frequency) }
    /// `I_CDF` of the reverse frequency: what pairs without a concept in them would give.
    public var reverseICDF: Double { ContrastMetrics.iCDF(reverseFrequency) }
    public func l0(threshold: Double) -> Int { ContrastMetrics.l0(frequency, threshold: threshold) }

    /// What the pairs say about one neuron, with its checks.
    public func evidence(of neuron: Int) -> ContrastEvidence {
        let key = Int32(neuron)
        return ContrastEvidence(
            present: presentValues.map { Double($0[key] ?? 0) }, absent: absentValues.map { Double($0[key] ?? 0) })
    }

    /// The same pairs with the roles of their texts exchanged.
    public var reversed: ConceptContrast {
        var copy = self
        swap(&copy.presentOnly, &copy.absentOnly)
        swap(&copy.presentFired, &copy.absentFired)
        swap(&copy.presentOnlyByPair, &copy.absentOnlyByPair)
        swap(&copy.presentValues, &copy.absentValues)
        copy.differences = differences.map { -$0 }
        return copy
    }
}

extension ConceptContrast {
    /// The contrasts of pairs whose texts were read, one for each concept.
    ///
    /// - Parameters:
    ///   - concepts: Each with the features of its pairs' two texts; the order is kept.
    ///   - sae: Position of the SAE in the features.
    ///   - normalisers: Of the SAE's neurons.
    static func all(
        _ concepts: [(name: String, pairs: [(present: TextFeatures, absent: TextFeatures)])], sae: Int, dSAE: Int,
        normalisers: [Float]?
    ) -> [ConceptContrast] {
        concepts.map { concept in
            var contrast = ConceptContrast(concept: concept.name, dSAE: dSAE)
            for pair in concept.pairs {
                contrast.add(
                    present: pair.present.neurons[sae].mapValues(\.maximum),
                    absent: pair.absent.neurons[sae].mapValues(\.maximum), normalisers: normalisers)
            }
            return contrast
        }
    }
}
