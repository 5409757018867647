import Foundation

/// Times of one job, repeated.
struct Measurement {
    var name: String
    /// Milliseconds, in the order they were taken.
    var samples: [Double]
    /// What the machine, or a stated goal, allows: milliseconds, and where the number comes from.
    var bound: (milliseconds: Double, reason: String)?
    /// What one run processed, for a rate.
    var work: (amount: Double, unit: String)?

    var median: Double { quantile(0.5) }

    func quantile(_ q: Double) -> Double {
        let sorted = samples.sorted()
        return sorted[min(sorted.count - 1, Int((Double(sorted.count) * q).rounded(.down)))]
    }

    /// Runs `body` a few times uncounted, then until `count` samples are taken.
    static func of(
        _ name: String, count: Int = 15, warmUp: Int = 2, work: (amount: Double, unit: String)? = nil,
        bound: (milliseconds: Double, reason: String)? = nil, body: () throws -> Void
    ) rethrows -> Measurement {
        for _ in 0..<warmUp { try body() }
        let clock = ContinuousClock()
        var samples: [Double] = []
        for _ in 0..<count { samples.append(try clock.measure(body).milliseconds) }
        return Measurement(name: name, samples: samples, bound: bound, work: work)
    }

    /// One line: median, spread, rate, ratio to the bound.
    var report: String {
        var line = name.padding(toLength: 44, withPad: " ", startingAt: 0)
        line += format(median) + " ms   " + format(quantile(0)) + " … " + format(quantile(0.95))
        if samples.count >= 100 { line += ", 99 % below " + format(quantile(0.99)) }
        if let work { line += String(format: "   %9.1f %@/s", work.amount / median * 1000, work.unit as NSString) }
        if let bound {
            line += String(
                format: "   %5.2fx of %@ (%.2f ms)", median / bound.milliseconds, bound.reason as NSString,
                bound.milliseconds)
        }
        return line
    }

    private func format(_ value: Double) -> String { String(format: "%8.3f", value) }
}

extension Duration {
    var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) * 1e-15 }
}

/// Keeps a result alive, so that the optimiser cannot delete the work that made it.
@inline(never) func sink<T>(_ value: T) { withExtendedLifetime(value) {} }
