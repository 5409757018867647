/// How a KronSAE's neurons are made of the units of its encoder.
public struct KronShape: Sendable, Hashable, Codable {
    public var heads: Int
    /// Units of the first and of the second kind in a head.
    public var m: Int, n: Int

    public init(heads: Int, m: Int, n: Int) {
        self.heads = heads
        self.m = m
        self.n = n
    }

    public var neurons: Int { heads * m * n }
    public var units: Int { heads * (m + n) }

    /// The two units whose pair a neuron is.
    public func units(of neuron: Int) -> (p: Int, q: Int) {
        let (head, pair) = neuron.quotientAndRemainder(dividingBy: m * n)
        return (head * (m + n) + pair / n, head * (m + n) + m + pair % n)
    }

    /// `√(p q)` for all pairs of one head, 0 where not both are positive.
    ///
    /// - Parameters:
    ///   - pre: The head's m + n pre-activations.
    ///   - out: Room for m n values.
    func pair(_ pre: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>) {
        for a in 0..<m {
            let p = max(0, pre[a])
            for c in 0..<n { out[a * n + c] = (p * max(0, pre[m + c])).squareRoot() }
        }
    }
}
