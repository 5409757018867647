/// One figure for the items of a delphi score file.
struct DelphiScore {
    private var positives = (right: 0, all: 0)
    private var negatives = (right: 0, all: 0)
    /// Correlation over everything, where the scorer is a simulation.
    private var correlation: Double?

    /// Balanced accuracy for detection and fuzzing, the correlation over everything for simulation.
    static func read(_ json: inout JSONPull, scorer: String) throws -> ExplanationScore? {
        var score = DelphiScore()
        try score.items(&json)
        if let correlation = score.correlation {
            return ExplanationScore(scorer: "simulation", value: correlation, details: "delphi \(scorer)")
        }
        guard score.positives.all > 0, score.negatives.all > 0 else { return nil }
        let sensitivity = Double(score.positives.right) / Double(score.positives.all)
        let specificity = Double(score.negatives.right) / Double(score.negatives.all)
        return ExplanationScore(
            scorer: scorer == "fuzz" ? "fuzzing" : scorer, value: (sensitivity + specificity) / 2,
            samples: score.positives.all + score.negatives.all, details: "delphi, balanced accuracy")
    }

    private mutating func items(_ json: inout JSONPull) throws {
        guard json.kind() == UInt8(ascii: "[") else {
            if json.kind() == UInt8(ascii: "{") { return try item(&json) }
            return try json.skip()
        }
        guard try json.beginArray() else { return }
        while try json.nextElement() {
            if json.kind() == UInt8(ascii: "{") { try item(&json) } else { try json.skip() }
        }
    }

    private mutating func item(_ json: inout JSONPull) throws {
        guard try json.beginObject() else { return }
        var isActivating: Bool?
        var prediction: Bool?
        var correlation: Double?
        var distance: Int?
        while let name = try json.nextName() {
            switch name {
            case "activating": isActivating = try json.bool()
            case "prediction": prediction = try json.bool()
            // May be the text "nan".
            case "ev_correlation_score": correlation = try json.finite()
            case "distance": distance = try json.integer()
            default: try json.skip()
            }
        }
        if let correlation, distance ?? 0 == 0 { self.correlation = correlation }
        // A prediction that failed to parse is null, and counts nowhere.
        guard let isActivating, let prediction else { return }
        if isActivating {
            positives.all += 1
            if prediction { positives.right += 1 }
        } else {
            negatives.all += 1
            if !prediction { negatives.right += 1 }
        }
    }
}
