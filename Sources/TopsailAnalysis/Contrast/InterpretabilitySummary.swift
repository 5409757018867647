/// How well one SAE's neurons tell concepts from their absence, over all concepts: what SAEs are chosen by before any neuron is
/// explained (Safe-SAIL, arXiv 2509.18127).
///
/// Macro means: each concept counts the same, however many pairs it has. A denser SAE has more neurons that fire on one text of a
/// pair only, by chance as well, so each figure stands beside its reverse, with present and absent exchanged; the net figures are
/// the differences.
public struct InterpretabilitySummary: Sendable, Hashable {
    /// L₀,ₜ at one threshold, as a mean over concepts.
    public struct Level: Sendable, Hashable {
        /// t.
        public var threshold: Double
        public var value: Double
        public var reverse: Double
        /// The difference and 1.96 bootstrap standard errors either side, pairs drawn anew within each concept. (Percentiles would
        /// be off: a pair that is drawn twice lifts neurons over a threshold.)
        public var netInterval: ClosedRange<Double>?

        public var net: Double { value - reverse }
    }

    public var iCDF: Double
    public var reverseICDF: Double
    public var netICDFInterval: ClosedRange<Double>?
    public var levels: [Level]

    public var netICDF: Double { iCDF - reverseICDF }

    /// - Parameters:
    ///   - contrasts: All concepts of one SAE.
    ///   - dSAE: Neurons of the SAE.
    ///   - resamples: Of the bootstrap; 0 leaves the intervals out.
    public init(_ contrasts: [ConceptContrast], dSAE: Int, thresholds: [Double], resamples: Int = 200) {
        func mean(_ value: (ConceptContrast) -> Double) -> Double {
            contrasts.reduce(0) { $0 + value($1) } / Double(max(contrasts.count, 1))
        }
        iCDF = mean(\.iCDF)
        reverseICDF = mean(\.reverseICDF)
        let bootstrap = Bootstrap(resamples: contrasts.isEmpty ? 0 : resamples)
        let draws = bootstrap.draws(counts: contrasts.map(\.pairs)) { drawn in
            Self.net(contrasts, drawn, dSAE: dSAE, thresholds: thresholds)
        }
        netICDFInterval = bootstrap.interval(of: draws.map(\.iCDF))
        levels = thresholds.enumerated().map { index, threshold in
            var level = Level(
                threshold: threshold, value: mean { Double($0.l0(threshold: threshold)) },
                reverse: mean { Double(ContrastMetrics.l0($0.reverseFrequency, threshold: threshold)) })
            level.netInterval = bootstrap.interval(around: level.net, of: draws.map { $0.l0[index] })
            return level
        }
    }

    /// The net figures of the pairs drawn from each concept.
    private static func net(
        _ contrasts: [ConceptContrast], _ drawn: [[Int]], dSAE: Int, thresholds: [Double]
    ) -> (iCDF: Double, l0: [Double]) {
        var iCDF = 0.0
        var l0 = Array(repeating: 0.0, count: thresholds.count)
        for (contrast, pairs) in zip(contrasts, drawn) where !pairs.isEmpty {
            let firings = pairs.reduce(0) {
                $0 + contrast.presentOnlyByPair[$1].count - contrast.absentOnlyByPair[$1].count
            }
            iCDF += Double(firings) / Double(pairs.count * dSAE)
            let present = counts(contrast.presentOnlyByPair, pairs, dSAE: dSAE, thresholds)
            let absent = counts(contrast.absentOnlyByPair, pairs, dSAE: dSAE, thresholds)
            for index in l0.indices { l0[index] += Double(present[index] - absent[index]) }
        }
        let concepts = Double(contrasts.count)
        return (iCDF / concepts, l0.map { $0 / concepts })
    }

    /// Neurons in at least a share of the drawn pairs, for each threshold.
    private static func counts(_ neurons: [[Int32]], _ pairs: [Int], dSAE: Int, _ thresholds: [Double]) -> [Int] {
        var times = [Int32](repeating: 0, count: dSAE)
        for pair in pairs { for neuron in neurons[pair] { times[Int(neuron)] += 1 } }
        return thresholds.map { threshold in
            let least = max(threshold * Double(pairs.count) - 1e-9, 0.5)
            return times.count { Double($0) >= least }
        }
    }
}
