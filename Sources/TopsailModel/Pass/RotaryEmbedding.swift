import Foundation

/// Sines and cosines of a rotary position embedding, with whatever scaling its settings ask for.
struct RotaryEmbedding: Sendable {
    let settings: RotarySettings
    /// What holds for sequences within the original context, and always unless the scaling looks at the length.
    private let usual: [Float]

    init(_ settings: RotarySettings) {
        self.settings = settings
        usual = Self.inverseFrequencies(settings, length: 0)
    }

    var pairs: Int { settings.pairs }

    /// What sines and cosines are multiplied by.
    private var amplitude: Float {
        switch settings.scaling {
        case .yarn(let yarn): yarn.attentionFactor
        case .longRope(_, _, _, let attentionFactor): attentionFactor
        default: 1
        }
    }

    /// Equal for two lengths of a sequence if the angles are: 0 for what is usual, else what they go by.
    func regime(length: Int) -> Int {
        switch settings.scaling {
        case .dynamic(_, let original) where length > original: length
        case .longRope(_, _, let original, _) where length > original: 1
        default: 0
        }
    }

    /// Radians per position for each pair, in a sequence of `length` tokens.
    func inverseFrequencies(length: Int) -> [Float] {
        regime(length: length) == 0 ? usual : Self.inverseFrequencies(settings, length: length)
    }

    /// Cosines and sines for one position; `pairs` floats each.
    func angles(
        position: Int, frequencies: [Float], cosine: UnsafeMutablePointer<Float>, sine: UnsafeMutablePointer<Float>
    ) {
        let amplitude = amplitude
        for (pair, frequency) in frequencies.enumerated() {
            let angle = Float(position) * frequency
            cosine[pair] = cosf(angle) * amplitude
            sine[pair] = sinf(angle) * amplitude
        }
    }

    private static func inverseFrequencies(_ settings: RotarySettings, length: Int) -> [Float] {
        // Divisors join in where transformers has them: a last bit of a frequency is a thousandfold at position 1,000.
        let wavelengths = Self.wavelengths(base: settings.base, dimensions: settings.dimensions)
        let plain = wavelengths.map { 1 / $0 }
        switch settings.scaling {
        case .none: return plain
        case .linear(let factor): return plain.map { $0 / factor }
        case .divisors(let divisors): return zip(plain, divisors).map { $0 / $1 }
        case .longRope(let short, let long, let original, _):
            return zip(wavelengths, length > original ? long : short).map { 1 / ($1 * $0) }
        case .dynamic(let factor, let original):
            let stretch = factor * Float(max(length, original)) / Float(original) - (factor - 1)
            let exponent = Float(settings.dimensions) / Float(settings.dimensions - 2)
            let base = settings.base * powf(stretch, exponent)
            return Self.wavelengths(base: base, dimensions: settings.dimensions).map { 1 / $0 }
        case .llama3(let factor, let low, let high, let original):
            return plain.map { blended($0, factor, low, high, original) }
        case .yarn(let yarn): return ramped(wavelengths, yarn, settings)
        }
    }

    /// Positions per radian for each pair, nothing scaled.
    private static func wavelengths(base: Float, dimensions: Int) -> [Float] {
        stride(from: 0, to: dimensions, by: 2).map { powf(base, Float($0) / Float(dimensions)) }
    }

    private static func blended(
        _ frequency: Float, _ factor: Float, _ low: Float, _ high: Float, _ original: Int
    ) -> Float {
        // In the reference a number over a vector is the number times the vector's reciprocals, each rounded.
        let wavelength = 1 / frequency * Float(2 * Double.pi)
        if wavelength > Float(original) / low { return frequency / factor }
        if wavelength < Float(original) / high { return frequency }
        let share = (1 / wavelength * Float(original) - low) / (high - low)
        return (1 - share) * frequency / factor + share * frequency
    }

    private static func ramped(
        _ wavelengths: [Float], _ yarn: RopeScaling.YaRN, _ settings: RotarySettings
    ) -> [Float] {
        let dimensions = Double(settings.dimensions), base = settings.base
        /// The dimension that turns so many times within the original context.
        func dimension(turning turns: Float) -> Double {
            dimensions * log(Double(yarn.originalLength) / (Double(turns) * 2 * .pi)) / (2 * log(Double(base)))
        }
        var low = dimension(turning: yarn.betaFast), high = dimension(turning: yarn.betaSlow)
        if yarn.truncates { (low, high) = (low.rounded(.down), high.rounded(.up)) }
        low = max(low, 0)
        high = min(high, dimensions - 1)
        if low == high { high += 0.001 }
        return wavelengths.enumerated().map { pair, wavelength in
            let ramp = min(max((Float(pair) - Float(low)) / Float(high - low), 0), 1)
            let kept = 1 - ramp
            return 1 / (yarn.factor * wavelength) * (1 - kept) + 1 / wavelength * kept
        }
    }
}
