import Foundation

/// One random context of a neuron for each doubling of the activation, so that weaker firings can be shown too.
///
/// The maximum is not known while collecting, so samples are kept by the peak's power of two. Which one is kept
/// depends on hashes alone: shards agree in any order.
package struct BandSamples: Sendable, Hashable {
    struct Sample: Sendable, Hashable {
        var hash: UInt64
        var context: PeakContext
    }

    private var samples: [Int: Sample] = [:]

    package init() {}

    static func hash(neuron: Int, document: Int, position: Int) -> UInt64 {
        StableHash.combine(StableHash.combine(UInt64(neuron), UInt64(document)), UInt64(position))
    }

    /// Whether a peak would replace the one that is kept.
    func admits(value: Float, hash: UInt64) -> Bool {
        samples[value.exponentIndex].map { hash < $0.hash } ?? true
    }

    mutating func insert(_ context: PeakContext, hash: UInt64) {
        guard admits(value: context.value, hash: hash) else { return }
        samples[context.value.exponentIndex] = Sample(hash: hash, context: context)
    }

    /// What is kept, the weakest first.
    var kept: [Sample] { samples.values.sorted { $0.context.value < $1.context.value } }

    package mutating func merge(_ other: BandSamples) {
        for sample in other.samples.values { insert(sample.context, hash: sample.hash) }
    }

    /// Samples of activations below half the maximum, with their band: 1 for a quarter to a half of it, 2 for an
    /// eighth to a quarter, and so on.
    ///
    /// - Parameter documents: Those whose contexts are shown already.
    func bands(maximum: Float, excluding documents: Set<Int>, limit: Int) -> [(band: Int, context: PeakContext)] {
        samples.values
            .filter { !documents.contains($0.context.document) }
            .map { (band: Int(log2(maximum / $0.context.value)), context: $0.context) }
            .filter { $0.band >= 1 }
            .sorted { PeakContext.precedes($0.context, $1.context) }
            .prefix(limit).map { $0 }
    }
}

extension Float {
    /// The power of two at or below a positive value.
    fileprivate var exponentIndex: Int { Int(exponent) }
}
