import Foundation
import Testing
import TopsailAnalysis

@Suite struct AssessmentTests {
    /// Twenty pairs of two concepts: neuron 1 tells `a.x`, neuron 2 tells `b.y`, neuron 0 fires everywhere, others here and there.
    private var pairs: [ContrastPair] {
        (0..<40).map { ContrastPair(concept: $0 < 20 ? "a.x" : "b.y", present: "p\($0)", absent: "n\($0)") }
    }

    private func text(_ firing: [Int32: Float]) -> TextFeatures {
        var text = TextFeatures(tokens: [1, 2, 3, 4], saes: 1)
        for (neuron, value) in firing {
            text.neurons[0][neuron] = .init(maximum: value, position: 2, sum: value, fired: 1)
        }
        return text
    }

    private var examples: [AssessmentExample] {
        let features = pairs.enumerated().flatMap { index, pair in
            let noise = [Int32(0): Float(1), Int32(3 + index % 5): Float(1)]
            let own: Int32 = pair.concept == "a.x" ? 1 : 2
            return [text(noise.merging([own: 2]) { $1 }), text(noise)]
        }
        return AssessmentExample.examples(
            pairs, others: Array(repeating: .background, count: 10),
            features: features + (0..<10).map { text([0: 1, Int32(3 + $0 % 5): 1]) })
    }

    private var neurons: AssessmentNeurons {
        AssessmentNeurons(
            selection: ContrastSelection(), widths: [8], normalisers: [Array(repeating: 2, count: 8)])
    }

    private func calibrated() throws -> AssessmentModel {
        let targets = [
            AssessmentTarget(slug: "harmful", concepts: ["a.x", "b.y"]), AssessmentTarget(slug: "a", concepts: ["a.x"]),
        ]
        return try AssessmentCalibration(saes: ["one"], neurons: neurons, targets: targets)
            .run(examples, modelName: "none").model
    }

    @Test func usesTheNeuronsThatThePairsChoose() throws {
        let model = try calibrated()
        let category = try #require(model.categories.first { $0.slug == "a" })
        #expect(category.terms.map { model.neurons[$0.neuron].index } == [1])
        #expect(category.terms[0].weight > 0)
        #expect(category.crossValidatedAUROC == 1)
        #expect(Set(model.neurons.map(\.index)) == [1, 2])
        #expect(model.pairs == 40)
    }

    @Test func domainsRestOnTheFewestNeuronsThatSuffice() throws {
        // Neuron 7 fires on three quarters of the texts that neuron 1 tells apart.
        let examples = examples.map { example in
            var example = example
            example.features.neurons[0][7] = nil
            if example.features.neurons[0][1] != nil, example.group % 4 != 0 {
                example.features.neurons[0][7] = .init(maximum: 2, position: 1, sum: 2, fired: 1)
            }
            return example
        }
        let targets = [
            AssessmentTarget(slug: "harmful", concepts: ["a.x", "b.y"]), AssessmentTarget(slug: "a", concepts: ["a.x"]),
        ]
        var calibration = AssessmentCalibration(saes: ["one"], neurons: neurons, targets: targets)
        func indices(_ slug: String) throws -> Set<Int> {
            let outcome = try calibration.run(examples, modelName: "none")
            let category = try #require(outcome.model.categories.first { $0.slug == slug })
            return Set(category.terms.map { outcome.model.neurons[$0.neuron].index })
        }
        calibration.limits = []
        #expect(try indices("a") == [1, 7])
        calibration.limits = [1]
        #expect(try indices("a") == [1])
        #expect(try indices("harmful") == [1, 2, 7])
        let tried = try calibration.run(examples, modelName: "none").trials.map(\.limit)
        #expect(tried.suffix(2) == [nil, 1])
    }

    @Test func promptsCountBesideThePairs() throws {
        // Neuron 7 fires on harmful prompts of `a.x` alone, neuron 1 on harmless ones too: the pairs cannot know.
        let targets = [AssessmentTarget(slug: "a", concepts: ["a.x"])]
        func weights(_ others: [AssessmentExample]) throws -> [Int: Double] {
            let model = try AssessmentCalibration(saes: ["one"], neurons: neurons, targets: targets)
                .run(
                    examples + others, tagged: ["a.x": [.init(sae: 0, index: 1), .init(sae: 0, index: 7)]],
                    modelName: ""
                )
                .model
            #expect(model.pairs == 40)
            let terms = try #require(model.categories.first).terms
            return Dictionary(uniqueKeysWithValues: terms.map { (model.neurons[$0.neuron].index, $0.weight) })
        }
        let alone = try weights([])
        #expect(alone[1] ?? 0 > 0 && alone[7] == nil)
        let both = try weights(
            (0..<20).map { index in
                AssessmentExample(
                    features: text(index < 10 ? [0: 1, 7: 2] : [0: 1, 1: 2]),
                    role: index < 10 ? .harmful(concept: "a.x") : .harmless, group: 100 + index)
            })
        #expect(both[7] ?? 0 > 0)
        #expect(both[1] ?? 0 < alone[1]!)
        #expect(both.values.allSatisfy { $0 > 0 })
    }

    @Test func pairsThatWereReadInTwoWaysCountTwice() {
        let contrasts = neurons.contrasts(examples + examples)[0]
        #expect(contrasts.map(\.pairs) == [40, 40])
        #expect(contrasts[0].presentOnly[1] == 40)
    }

    @Test func scoresSayWhyAndFlag() throws {
        let model = try calibrated()
        let assessor = Assessor(model, saes: ["other", "one"])
        var present = text([0: 1, 1: 2])
        present.neurons = [[:]] + present.neurons
        let scores = assessor.assess(present)
        let a = try #require(scores.first { $0.slug == "a" })
        #expect(a.score > 0.5 && a.isFlagged)
        #expect(a.evidence.map(\.neuron.index) == [1])
        #expect(a.evidence[0].token == 2 && a.evidence[0].normalised == 1)
        // All that speaks for and against it, and the bias, make the score.
        for score in scores {
            let sum = (score.evidence + score.opposing).reduce(score.bias) { $0 + $1.contribution }
            #expect(abs(sum - score.logOdds) < 1e-9)
            #expect(abs(1 / (1 + exp(-score.logOdds)) - score.score) < 1e-9)
            #expect(score.opposing.allSatisfy { $0.contribution < 0 })
        }
        var silent = text([0: 1])
        silent.neurons = [[:]] + silent.neurons
        #expect(assessor.assess(silent).allSatisfy { !$0.isFlagged && $0.evidence.isEmpty })
    }

    @Test func goesThroughJSONUnchanged() throws {
        let model = try calibrated()
        #expect(AssessmentModel(encoded: try model.encoded()) == model)
        var broken = model
        broken.categories[0].terms.append(.init(neuron: 99, weight: 1))
        #expect(AssessmentModel(encoded: try broken.encoded()) == nil)
        #expect(AssessmentModel(encoded: Data("{}".utf8)) == nil)
    }

    @Test func examComparesWithRandomNeuronsAndWords() throws {
        let model = try calibrated()
        let targets = [AssessmentTarget(slug: "a", concepts: ["a.x"])]
        let items = (0..<12).map { index in
            AssessmentExam.Item(
                features: index < 6 ? text([0: 1, 1: 2]) : text([0: 1]), kind: index < 6 ? .harmful : .everyday,
                domain: index < 6 ? "a" : nil)
        }
        let results = AssessmentExam(
            model: model, saes: ["one"], targets: targets, training: examples, neurons: neurons
        ).run(items)
        let assessment = try #require(results.first { $0.method == .assessment && $0.against == "everyday" })
        #expect(assessment.auroc == 1 && assessment.positives == 6 && assessment.negatives == 6)
        // All texts have the same tokens, and a neuron drawn by its rate of firing knows nothing.
        #expect(results.filter { $0.method == .bagOfTokens }.allSatisfy { $0.auroc == 0.5 })
        let random = try #require(results.first { $0.method == .randomNeurons && $0.against == "everyday" })
        #expect(random.auroc < 1)
        // Neuron 1 alone fires on the harmful ones, so that adding up is as good as fitting, and what is drawn instead is not.
        #expect(results.filter { $0.method == .addedNeurons }.allSatisfy { $0.auroc == 1 })
        #expect(results.contains { $0.method == .addedRandomNeurons })
        #expect(results.filter { $0.method == .addedRandomNeurons }.allSatisfy { $0.auroc < 1 })
    }

    /// Beginnings of 4, 8 and 16 tokens of texts on which neuron 1 fires ever more.
    private func growing(_ level: Float) -> [TextFeatures] {
        [4, 8, 16].map { count in
            var features = TextFeatures(tokens: Array(repeating: 1, count: count), saes: 1)
            let value = level * log2(Float(count))
            features.neurons[0][1] = .init(maximum: value, position: 0, sum: value, fired: 1)
            return features
        }
    }

    @Test func whatLengthAloneAddsIsTakenOff() throws {
        var model = try calibrated()
        model.pooling = .maximum
        for index in model.neurons.indices { model.neurons[index].normaliser = 100 }
        let fit = LengthFit(fittedTokens: 4, saes: ["one"])
        let documents = [growing(1), growing(3)]
        let corrected = fit.corrected(model, documents: documents)
        #expect(corrected.fittedTokens == 4)
        let place = try #require(model.categories.firstIndex { $0.slug == "a" })
        func odds(_ model: AssessmentModel, _ features: TextFeatures) -> Double {
            Assessor(model, saes: ["one"]).assess(features)[place].logOdds
        }
        // At the fitted length nothing changes; on average nothing is left of the rise, whose slope differs between the texts.
        for document in documents { #expect(odds(corrected, document[0]) == odds(model, document[0])) }
        #expect(documents.allSatisfy { odds(model, $0[2]) > odds(model, $0[0]) })
        let rest = documents.reduce(0) { $0 + odds(corrected, $1[2]) - odds(corrected, $1[0]) }
        #expect(abs(rest) < 1e-9)
        // The parts still add up to the whole.
        for score in Assessor(corrected, saes: ["one"]).assess(documents[0][2]) {
            let sum = (score.evidence + score.opposing).reduce(score.bias) { $0 + $1.contribution }
            #expect(abs(sum - score.logOdds) < 1e-9)
        }
        #expect(AssessmentModel(encoded: try corrected.encoded()) == corrected)
    }

    @Test func aLongTextIsNeverLifted() throws {
        let model = try calibrated()
        let falling = [growing(1).reversed() as [TextFeatures]].map { texts in
            zip(texts, [4, 8, 16]).map { text, count in
                var text = text
                text.tokens = Array(repeating: 1, count: count)
                return text
            }
        }
        let corrected = LengthFit(fittedTokens: 4, saes: ["one"]).corrected(model, documents: falling)
        #expect(corrected.categories.allSatisfy { $0.lengthSlope == 0 })
        #expect(LengthFit(fittedTokens: 4, saes: ["one"]).corrected(model, documents: []) == model)
        #expect(LengthFit.fittedTokens(of: []) == nil)
        #expect(LengthFit.fittedTokens(of: Array(1...101)) == 91)
    }
}

@Suite struct FeaturePoolingTests {
    private let pool = TextFeatures.Pool(maximum: 8, position: 1, sum: 12, fired: 2)

    @Test func dividesByTheNormaliserAndStopsAtTheCeiling() {
        #expect(FeaturePooling.maximum.value(pool, normaliser: 8, countedTokens: 6) == 1)
        #expect(FeaturePooling.maximum.value(pool, normaliser: 1, countedTokens: 6) == 2)
        #expect(FeaturePooling.rootMaximum.value(pool, normaliser: 32, countedTokens: 6) == 0.5)
        #expect(FeaturePooling.rootMean.value(pool, normaliser: 8, countedTokens: 6) == 0.5)
        #expect(FeaturePooling.maximum.value(pool, normaliser: 0, countedTokens: 6) == 1)
    }
}

@Suite struct InterpretabilitySummaryTests {
    /// The reference page's check: frequencies 0, 0, 0.1, 0.25, 0.25, 0.6, 0, 1 have I_CDF 0.275 and L₀ 4 at 0.25.
    @Test func agreesWithTheWorkedCheck() throws {
        var contrast = ConceptContrast(concept: "c", dSAE: 8)
        let counts = [0, 0, 2, 5, 5, 12, 0, 20]
        for pair in 0..<20 {
            let firing = counts.enumerated().filter { pair < $1 }.map { (Int32($0.offset), Float(1)) }
            contrast.add(present: Dictionary(uniqueKeysWithValues: firing), absent: [:])
        }
        let summary = InterpretabilitySummary([contrast], dSAE: 8, thresholds: [0.25, 0.9])
        #expect(abs(summary.iCDF - 0.275) < 1e-12)
        #expect(summary.reverseICDF == 0)
        #expect(summary.levels.map(\.value) == [4, 1])
        let interval = try #require(summary.netICDFInterval)
        #expect(interval.contains(0.275) && interval.lowerBound < 0.26 && interval.upperBound > 0.29)
    }

    @Test func netFiguresAreZeroWhereTheTwoSidesAreAlike() {
        var contrast = ConceptContrast(concept: "c", dSAE: 4)
        for pair in 0..<10 {
            contrast.add(present: [Int32(pair % 4): 1], absent: [Int32((pair + 1) % 4): 1])
        }
        let summary = InterpretabilitySummary([contrast], dSAE: 4, thresholds: [0.1])
        #expect(abs(summary.netICDF) < 1e-12)
    }
}
