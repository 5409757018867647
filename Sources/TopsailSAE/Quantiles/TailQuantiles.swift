import TopsailFiles

/// The bottom and top activations of some neurons over a corpus, from which quantiles near both ends are interpolated.
///
/// Safe-SAIL keeps `k` = 10,000 values at each end of `N` = 200,000 tokens: `quantile_layer*.pt` with
/// `bottom_neuron_activations` and `top_neuron_activations`, `[k, neurons]`, ascending along k. Value i of the bottom list
/// stands at position `i / N` (i = 1 … k), of the top list at `(N − k + i) / N`. Rule: Safe-SAIL, `quantile_utils.py`.
public struct TailQuantiles: Sendable {
    /// Tokens in the corpus.
    public let total: Int
    /// Values kept at each end.
    public let kept: Int
    public let neurons: Int
    /// `[neurons, k]`.
    private let bottom: [Double]
    private let top: [Double]

    /// - Parameters:
    ///   - path: The file.
    ///   - total: Tokens in the corpus, which the file does not say; twenty times the values kept unless given, as in the
    ///     release.
    /// - Throws: When a list is absent, or both have not the same shape.
    public init(path: String, total: Int? = nil) throws {
        let archive = try ArchiveReader.open(path)
        let shape = try archive.require("top_neuron_activations").shape
        guard shape.count == 2, shape[0] >= 2, shape[1] > 0 else {
            throw SAECheckpointError(
                path, .wrongShape(tensor: "top_neuron_activations", expected: [10_000, 1], found: shape))
        }
        _ = try archive.require("bottom_neuron_activations", shape: shape)
        (kept, neurons) = (shape[0], shape[1])
        self.total = total ?? kept * 20
        guard self.total >= kept else {
            throw SAECheckpointError(
                path, .badValue(key: "the corpus", expected: "at least \(kept) tokens", found: "\(self.total)"))
        }
        bottom = Self.transposed(try archive.floats("bottom_neuron_activations"), kept: kept, neurons: neurons)
        top = Self.transposed(try archive.floats("top_neuron_activations"), kept: kept, neurons: neurons)
    }

    private static func transposed(_ values: [Float], kept: Int, neurons: Int) -> [Double] {
        var result = [Double](repeating: 0, count: values.count)
        for i in 0..<kept {
            for neuron in 0..<neurons { result[neuron * kept + i] = Double(values[i * neurons + neuron]) }
        }
        return result
    }

    /// The quantile of one neuron, interpolated linearly between the values kept.
    ///
    /// - Parameter neuron: Place in the lists, not the SAE's index.
    /// - Returns: `nil` for a quantile that lies between the two ends.
    public func quantile(_ q: Double, neuron: Int) -> Double? {
        precondition(neuron >= 0 && neuron < neurons, "neuron \(neuron) of \(neurons)")
        let (n, k) = (Double(total), Double(kept))
        if q >= 1 / n, q <= k / n { return interpolate(bottom, neuron, q) { Double($0 + 1) / n } }
        if q >= (n - k + 1) / n, q <= 1 { return interpolate(top, neuron, q) { (n - k + Double($0 + 1)) / n } }
        return nil
    }

    private func interpolate(_ values: [Double], _ neuron: Int, _ q: Double, _ position: (Int) -> Double) -> Double {
        // The last place whose position is not beyond q, by halving.
        var (low, high) = (0, kept)
        while low < high {
            let middle = (low + high) / 2
            if position(middle) <= q { low = middle + 1 } else { high = middle }
        }
        let place = min(max(low - 1, 0), kept - 2)
        let start = values[neuron * kept + place]
        let slope = (values[neuron * kept + place + 1] - start) / (position(place + 1) - position(place))
        return start + slope * (q - position(place))
    }

    /// An activation over the neuron's quantile.
    ///
    /// - Returns: `nil` where the quantile is zero: such a neuron never fired and cannot be normalised.
    public func normalised(_ activation: Float, neuron: Int, by q: Double = 0.999) -> Double? {
        guard let scale = quantile(q, neuron: neuron), scale != 0 else { return nil }
        return Double(activation) / scale
    }
}

/// Safe-SAIL's `indices_layer*.pt`: the SAE indices of the neurons that its quantile lists are about, in their order, with
/// repeats.
public enum NeuronIndices {
    /// - Throws: When the file does not hold exactly one tensor of whole numbers.
    public static func read(_ path: String) throws -> [Int] {
        let archive = try ArchiveReader.open(path)
        guard archive.tensors.count == 1 else {
            throw SAECheckpointError(
                path, .badValue(key: "the content", expected: "one tensor", found: "\(archive.tensors.count)"))
        }
        return try archive.integers(archive.tensors[0].name)
    }
}
