import TopsailCore

/// How far one neuron tells the present texts of a concept's pairs from the absent ones, and what chance would give.
///
/// A text's value is `A(text)`, the neuron's largest activation over the counted tokens, `0` where it was silent: in 0.999
/// quantiles where the contrast was given normalisers, else in the SAE's units.
public struct ContrastEvidence: Sendable, Hashable {
    /// `A(present)` by pair; likewise `absent`.
    public let present: [Float]
    public let absent: [Float]
    /// Mean of the pairs' differences over their standard deviation (n − 1): Cohen's d of paired values, d_z (Lakens 2013).
    /// `nil` for fewer than two pairs, or where all differences are equal.
    public let effectSize: Double?
    /// The chance that a present text has a higher value than an absent one, of any pair; ties count half. `nil` without pairs.
    public let auroc: Double?
    /// The same where present and absent are exchanged within pairs.
    public let exchanged: Exchanged?
    /// What the pairs that did not choose the neuron say; `nil` where no half of the pairs chooses it.
    public let heldOut: HeldOut?

    public var meanPresent: Double { Self.mean(present) }
    public var meanAbsent: Double { Self.mean(absent) }
    private static func mean(_ values: [Float]) -> Double {
        values.isEmpty ? 0 : values.reduce(0) { $0 + Double($1) } / Double(values.count)
    }

    /// AUROC over exchanges within pairs: of all of them up to eight pairs, else of 256 seeded ones.
    public struct Exchanged: Sendable, Hashable {
        /// 0.5, because each exchange has its opposite.
        public var mean: Double
        /// The value that 95% of the exchanges do not exceed.
        public var limit: Double

        static let exhaustivePairs = 8
        static let draws = 0..<256
        /// One bit a pair says whether it is exchanged. Each draw comes with its opposite, so that the mean is exact.
        private static let bits: [UInt64] = {
            var generator = SeededGenerator(seed: 1)
            return (0..<draws.count / 2).map { _ in generator.next() }
        }()

        /// Whether a draw exchanges a pair; from the 65th pair on, other draws' bits are used.
        static func exchanges(_ pair: Int, in draw: Int) -> Bool {
            let word = bits[(draw / 2 + 97 * (pair / 64)) % bits.count]
            return (word >> UInt64(pair % 64) & 1 == 1) == (draw % 2 == 0)
        }
    }

    /// Pairs at even and at odd places are two halves. Where one half alone passes the frequency conditions of `ContrastSelection`,
    /// the other half is held out; with both, figures are the means of both.
    public struct HeldOut: Sendable, Hashable {
        public var auroc: Double
        /// Share of the held-out pairs with `A(present) > 0` and `A(absent) = 0`.
        public var frequency: Double
    }

    /// - Parameters:
    ///   - present: By pair, none negative; likewise `absent`.
    ///   - selection: Its frequency conditions say when a half chooses the neuron.
    /// - Precondition: Both have the same count.
    public init(present: [Double], absent: [Double], selection: ContrastSelection = ContrastSelection()) {
        precondition(present.count == absent.count, "\(present.count) present texts, \(absent.count) absent ones")
        self.present = present.map { Float($0) }
        self.absent = absent.map { Float($0) }
        effectSize = Self.effectSize(zip(present, absent).map { $0 - $1 })
        auroc = AUROC.value(positives: present, negatives: absent)
        exchanged = Self.exchanged(present, absent)
        heldOut = Self.heldOut(present, absent, selection)
    }

    private static func effectSize(_ differences: [Double]) -> Double? {
        guard differences.count > 1 else { return nil }
        let mean = differences.reduce(0, +) / Double(differences.count)
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(differences.count - 1)).squareRoot()
        return deviation > 0 ? mean / deviation : nil
    }

    /// Exchanges only move ranks from one side to the other, so that values are ranked once.
    private static func exchanged(_ present: [Double], _ absent: [Double]) -> Exchanged? {
        let count = present.count
        guard count > 0 else { return nil }
        let ranks = RankCorrelation.ranks(present + absent)
        func value(_ isExchanged: (Int) -> Bool) -> Double {
            let sum = (0..<count).reduce(0.0) { $0 + ranks[isExchanged($1) ? count + $1 : $1] }
            return (sum - Double(count * (count + 1)) / 2) / Double(count * count)
        }
        var values: [Double]
        if count <= Exchanged.exhaustivePairs {
            values = (0..<1 << count).map { mask in value { mask >> $0 & 1 == 1 } }
        } else {
            values = Exchanged.draws.map { draw in value { Exchanged.exchanges($0, in: draw) } }
        }
        values.sort()
        let place = Int((0.95 * Double(values.count)).rounded(.up)) - 1
        return Exchanged(mean: values.reduce(0, +) / Double(values.count), limit: values[place])
    }

    private static func heldOut(_ present: [Double], _ absent: [Double], _ selection: ContrastSelection) -> HeldOut? {
        let halves = [0, 1].map { start in Array(stride(from: start, to: present.count, by: 2)) }
        func share(_ half: [Int], _ fires: (Int) -> Bool) -> Double {
            Double(half.count(where: fires)) / Double(half.count)
        }
        var found: [HeldOut] = []
        for (half, other) in [(halves[0], halves[1]), (halves[1], halves[0])] where !half.isEmpty && !other.isEmpty {
            let frequency = share(half) { present[$0] > 0 && absent[$0] == 0 }
            let reverse = share(half) { absent[$0] > 0 && present[$0] == 0 }
            let effect = half.reduce(0) { $0 + present[$1] - absent[$1] }
            guard frequency >= selection.minimumFrequency, frequency - reverse > selection.minimumNet, effect > 0,
                let auroc = AUROC.value(positives: other.map { present[$0] }, negatives: other.map { absent[$0] })
            else { continue }
            found.append(HeldOut(auroc: auroc, frequency: share(other) { present[$0] > 0 && absent[$0] == 0 }))
        }
        guard !found.isEmpty else { return nil }
        let count = Double(found.count)
        return HeldOut(
            auroc: found.reduce(0) { $0 + $1.auroc } / count, frequency: found.reduce(0) { $0 + $1.frequency } / count)
    }
}
