extension TrainingConfiguration {
    /// - Throws: An error naming the first value that makes no sense.
    public func validate() throws {
        try require(dIn > 0, "d_in is \(dIn), it must be above 0")
        try require(dSAE > 0 && dSAE <= Int(Int32.max), "d_sae is \(dSAE), it must be above 0")
        try require((1...dSAE).contains(k), "k is \(k), it must lie between 1 and d_sae = \(dSAE)")
        try require(batchSize > 0, "the batch size is \(batchSize), it must be above 0")
        try require(totalTokens > 0, "the number of tokens is \(totalTokens), it must be above 0")
        try require(learningRate > 0 && learningRate.isFinite, "the learning rate is \(learningRate)")
        try require(auxK >= 0 && deadAfterTokens > 0, "aux k is \(auxK), dead after \(deadAfterTokens) tokens")
        try require(gradientClip ?? 1 > 0, "gradients clipped at \(gradientClip ?? 0)")
        for (rows, norm) in [("decoder", initialDecoderNorm), ("encoder", initialEncoderNorm)] {
            try require(norm > 0 && norm.isFinite, "the norm of \(rows) rows is \(norm), it must be above 0")
        }
        try require(
            [warmUpFraction, decayFraction, sparsityWarmUpFraction].allSatisfy { (0...1).contains($0) },
            "warm-up and decay must be shares between 0 and 1")
        try validateArchitecture()
    }

    private func validateArchitecture() throws {
        if let sparsityCoefficient {
            try require(
                sparsityCoefficient >= 0 && sparsityCoefficient.isFinite,
                "the sparsity coefficient is \(sparsityCoefficient)")
        }
        switch architecture {
        case .matryoshka: try requirePrefixes(upTo: dSAE, what: "widths")
        case .hierarchical: try requirePrefixes(upTo: k, what: "budgets")
        case .jumprelu:
            try require(
                bandwidth > 0 && initialThreshold >= 0,
                "the bandwidth is \(bandwidth) and the first threshold \(initialThreshold)")
        case .kron:
            try require(
                min(kronShape.heads, kronShape.m, kronShape.n) > 0 && kronShape.neurons == dSAE,
                "\(kronShape.heads) heads of \(kronShape.m) by \(kronShape.n) units make no \(dSAE) neurons")
        default: break
        }
        try require(orthogonality >= 0 && orthogonality.isFinite, "the orthogonality penalty is \(orthogonality)")
        try require(orthogonalityChunk > 1, "chunks of \(orthogonalityChunk) neurons, there must be two at least")
    }

    private func requirePrefixes(upTo last: Int, what: String) throws {
        let rises = zip(prefixes, prefixes.dropFirst()).allSatisfy(<)
        try require(
            rises && prefixes.first ?? 0 > 0 && prefixes.last == last,
            "\(what) must rise from above 0 to \(last), found \(prefixes)")
    }

    private func require(_ holds: Bool, _ problem: @autoclosure () -> String) throws {
        guard holds else { throw TrainingError.badConfiguration(problem()) }
    }
}
