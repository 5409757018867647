import Foundation

/// A histogram of equal bins, as SAEDashboard and Neuronpedia have it: the middle of each bin and its height.
struct LinearHistogram {
    var middles: [Float] = []
    var heights: [Float] = []

    /// Bins that the geometric form gets.
    private static let bins = 32

    /// The same counts in bins that grow by a constant factor; `nil` when the lists make no histogram of positive values.
    ///
    /// A bin that lies across an edge is divided by its width; the sum stays the same.
    var geometric: ActivationHistogram? {
        guard middles.count == heights.count, middles.count >= 2,
            middles.allSatisfy(\.isFinite), heights.allSatisfy({ $0.isFinite && $0 >= 0 && $0 < 1e15 })
        else { return nil }
        let width = Double(middles[1]) - Double(middles[0])
        let end = Double(middles[middles.count - 1]) + width / 2
        guard width > 0, end > 0, heights.contains(where: { $0 > 0 }) else { return nil }
        let start = max(Double(middles[0]) - width / 2, end * 1e-4)
        guard start < end else { return nil }
        let ratio = pow(end / start, 1 / Double(Self.bins))
        func below(_ value: Double) -> Double {
            zip(middles, heights).reduce(0) { sum, bin in
                let low = Double(bin.0) - width / 2
                return sum + Double(bin.1) * min(1, max(0, (value - low) / width))
            }
        }
        var counts: [UInt64] = []
        var told: Double = 0
        for bin in 1...Self.bins {
            let until =
                bin == Self.bins ? heights.reduce(0) { $0 + Double($1) } : below(start * pow(ratio, Double(bin)))
            let count = max(0, until.rounded() - told)
            told += count
            counts.append(UInt64(count))
        }
        let histogram = ActivationHistogram(lowest: Float(start), ratio: Float(ratio), counts: counts)
        return histogram.isValid ? histogram : nil
    }
}
