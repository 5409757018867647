import Foundation
import TopsailAnalysis

extension ChoiceReport {
    /// The JSON form, keys in snake case, on one line.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(Document(self)) + Data("\n".utf8)
    }
}

private struct Interval: Encodable {
    var low: Double
    var high: Double

    init?(_ range: ClosedRange<Double>?) {
        guard let range else { return nil }
        low = range.lowerBound
        high = range.upperBound
    }
}

private struct Document: Encodable {
    var pairs: Int
    var rankedBy: String
    var saes: [Candidate]
    var separationAgreement: [Agreement]

    init(_ report: ChoiceReport) {
        pairs = report.pairs
        rankedBy = "l0_t less its reverse at t = \(report.thresholds.first ?? 0)"
        saes = report.candidates.map(Candidate.init)
        separationAgreement = ChoiceReport.figures.compactMap { figure in
            report.agreement(of: figure.value).map { Agreement(figure.name, $0) }
        }
    }

    struct Agreement: Encodable {
        var figure: String
        var spearman: Double
        var interval: Interval?
        var saes: Int

        init(_ figure: String, _ agreement: ChoiceReport.Agreement) {
            self.figure = figure
            spearman = agreement.spearman
            interval = Interval(agreement.interval)
            saes = agreement.saes
        }
    }

    struct Level: Encodable {
        var threshold: Double
        var neurons: Double
        var reverse: Double
        var netInterval: Interval?
    }

    struct Concept: Encodable {
        var concept: String
        var pairs: Int
        var iCdf: Double
        var reverseICdf: Double
        var l0T: [Int]
        var reverseL0T: [Int]
    }

    struct Candidate: Encodable {
        var sae: String
        var architecture: String
        var dSae: Int
        var l0: Double
        var iCdf: Double
        var reverseICdf: Double
        var netICdfInterval: Interval?
        var l0T: [Level]
        var separation: Double?
        var concepts: [Concept]

        init(_ candidate: ChoiceReport.Candidate) {
            sae = candidate.sae
            architecture = candidate.architecture
            dSae = candidate.dSAE
            l0 = candidate.l0
            iCdf = candidate.summary.iCDF
            reverseICdf = candidate.summary.reverseICDF
            netICdfInterval = Interval(candidate.summary.netICDFInterval)
            l0T = candidate.summary.levels.map {
                Level(
                    threshold: $0.threshold, neurons: $0.value, reverse: $0.reverse,
                    netInterval: Interval($0.netInterval))
            }
            separation = candidate.separation
            concepts = candidate.concepts.map {
                Concept(
                    concept: $0.concept, pairs: $0.pairs, iCdf: $0.iCDF, reverseICdf: $0.reverseICDF, l0T: $0.l0,
                    reverseL0T: $0.reverseL0)
            }
        }
    }
}
