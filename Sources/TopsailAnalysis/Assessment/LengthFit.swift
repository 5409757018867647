import Foundation

/// Measures how the log-odds of each category rise with the length of texts that have nothing of it, so that they can be taken off.
///
/// On a longer text more neurons fire at all, and the pooled activation of one that fires rarely comes nearer to its mean; weights are
/// fitted to short texts and know nothing of that. The slope is that of a regression of log-odds on the logarithm of the length, with
/// a level of its own for each text: it is the same text that grows.
public struct LengthFit: Sendable {
    /// Counted tokens up to which scores stand as they were fitted.
    public var fittedTokens: Int
    /// Names of the SAEs, in the order of the features.
    public var saes: [String]

    /// Share of the fitted texts that are not longer than the fitted length.
    static let share = 0.9
    /// Lengths of the beginnings that are compared, in fitted lengths. Documents that do not reach the third take no part.
    public static let factors = [1, 2, 4, 8]
    public static let leastLengths = 3

    public init(fittedTokens: Int, saes: [String]) {
        self.fittedTokens = fittedTokens
        self.saes = saes
    }

    /// - Parameter lengths: Counted tokens of the texts that an assessment is fitted to.
    /// - Returns: The length that most of them do not exceed; `nil` where there are none.
    public static func fittedTokens(of lengths: [Int]) -> Int? {
        let sorted = lengths.filter { $0 > 0 }.sorted()
        return sorted.isEmpty ? nil : sorted[Int(share * Double(sorted.count - 1))]
    }

    /// - Parameter documents: Beginnings of each document, by rising length.
    /// - Returns: The model with slopes; unchanged where there are no documents. No slope is below zero: a long text is not
    ///   to be lifted over what was found in it.
    public func corrected(_ model: AssessmentModel, documents: [[TextFeatures]]) -> AssessmentModel {
        let documents = documents.filter { $0.count > 1 }
        guard !documents.isEmpty else { return model }
        var model = model
        model.fittedTokens = nil
        let assessor = Assessor(model, saes: saes)
        let scores = documents.map { $0.map { assessor.assess($0, evidence: 0).map(\.logOdds) } }
        for category in model.categories.indices {
            var products = 0.0, squares = 0.0
            for (document, scores) in zip(documents, scores) {
                let lengths = document.map { log(Double(max($0.countedTokens, 1))) }
                let middle = lengths.reduce(0, +) / Double(lengths.count)
                for (length, score) in zip(lengths, scores) {
                    products += (length - middle) * score[category]
                    squares += (length - middle) * (length - middle)
                }
            }
            model.categories[category].lengthSlope = squares > 0 ? max(0, products / squares) : 0
        }
        model.fittedTokens = fittedTokens
        return model
    }
}
