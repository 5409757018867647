import TopsailCore

/// Scores of prompts by simpler means, fitted to the texts that an assessment was fitted to.
struct AssessmentBaselines: Sendable {
    let exam: AssessmentExam
    /// The neurons that fire on any training text, by the number of texts.
    private let byFiringRate: [NeuronPlace]
    /// Where each stands in that order.
    private let ranks: [NeuronPlace: Int]

    init(exam: AssessmentExam) {
        self.exam = exam
        var counts: [NeuronPlace: Int] = [:]
        for example in exam.training {
            for (sae, neurons) in example.features.neurons.enumerated() {
                for index in neurons.keys { counts[NeuronPlace(sae: sae, index: Int(index)), default: 0] += 1 }
            }
        }
        byFiringRate = counts.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        ranks = Dictionary(uniqueKeysWithValues: byFiringRate.enumerated().map { ($1, $0) })
    }

    /// At each hook point the projection on the difference of means, in standard deviations of the training texts; summed.
    func direction(_ target: AssessmentTarget, _ items: [AssessmentExam.Item]) -> [Double] {
        var scores = Array(repeating: 0.0, count: items.count)
        let present = exam.training.filter { target.isPositive($0.role) }
        let absent = exam.training.filter {
            guard case .absent(let concept) = $0.role else { return false }
            return target.concepts.contains(concept)
        }
        let hooks = Set(exam.training.flatMap(\.features.means.keys)).sorted { $0.description < $1.description }
        for hook in hooks {
            guard let up = mean(present, hook), let down = mean(absent, hook) else { continue }
            let direction = zip(up, down).map { $0 - $1 }
            func projection(_ features: TextFeatures) -> Double {
                zip(features.means[hook] ?? [], direction).reduce(0) { $0 + Double($1.0) * $1.1 }
            }
            let known = exam.training.map { projection($0.features) }
            let centre = known.reduce(0, +) / Double(known.count)
            let spread = (known.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(known.count)).squareRoot()
            for index in items.indices {
                scores[index] += (projection(items[index].features) - centre) / max(spread, 1e-12)
            }
        }
        return scores
    }

    private func mean(_ examples: [AssessmentExample], _ hook: HookPoint) -> [Double]? {
        let rows = examples.compactMap { $0.features.means[hook] }
        guard let first = rows.first else { return nil }
        var sum = Array(repeating: 0.0, count: first.count)
        for row in rows { for column in sum.indices { sum[column] += Double(row[column]) } }
        return sum.map { $0 / Double(rows.count) }
    }

    func bagOfTokens(_ target: AssessmentTarget, _ items: [AssessmentExam.Item]) -> [Double] {
        scores(CategoryFit(target, bagOfTokens: exam.training), items)
    }

    /// The neurons that the assessment scores a target with, rising.
    func neurons(of target: AssessmentTarget) -> [NeuronPlace] {
        let category = exam.model.categories.first { $0.slug == target.slug }
        return Set((category?.terms ?? []).compactMap { place(exam.model.neurons[$0.neuron]) }).sorted()
    }

    /// Each neuron replaced by one of those nearest to it in the share of training texts on which they fire.
    func drawn(like neurons: [NeuronPlace], draw: Int) -> [NeuronPlace] {
        let neighbourhood = 50
        let taken = Set(neurons)
        var generator = SeededGenerator(seed: UInt64(draw) &+ 1)
        var drawn = Set<NeuronPlace>()
        for place in neurons {
            guard let rank = ranks[place] else { continue }
            let last = min(rank + neighbourhood, byFiringRate.count - 1)
            let near = byFiringRate[max(rank - neighbourhood, 0)...last]
            if let other = near.filter({ !taken.contains($0) && !drawn.contains($0) }).randomElement(using: &generator)
            {
                drawn.insert(other)
            }
        }
        return drawn.sorted()
    }

    /// Neurons fitted as the assessment's are.
    func fitted(_ target: AssessmentTarget, _ neurons: [NeuronPlace], _ items: [AssessmentExam.Item]) -> [Double] {
        scores(category(target, neurons), items)
    }

    /// Pooled activations with equal weights.
    func sums(_ target: AssessmentTarget, _ neurons: [NeuronPlace], _ items: [AssessmentExam.Item]) -> [Double] {
        let category = category(target, neurons)
        return items.map { category.row($0.features).reduce(0) { $0 + $1.value } }
    }

    private func category(_ target: AssessmentTarget, _ neurons: [NeuronPlace]) -> CategoryFit {
        CategoryFit(
            target, neurons: neurons, pooling: exam.model.pooling, normalisers: exam.neurons.normalisers)
    }

    private func place(_ neuron: AssessmentModel.Neuron) -> NeuronPlace? {
        exam.saes.firstIndex(of: neuron.sae).map { NeuronPlace(sae: $0, index: neuron.index) }
    }

    private func scores(_ category: CategoryFit, _ items: [AssessmentExam.Item]) -> [Double] {
        guard let fit = category.fit(exam.training, strength: exam.model.strength) else {
            return Array(repeating: 0, count: items.count)
        }
        return items.map { category.logit($0.features, fit) }
    }
}
