import Foundation
import TopsailTensor

extension SAETrainer {
    /// Takes one step.
    ///
    /// - Parameter batch: `[batchSize, d_in]`, unscaled.
    /// - Throws: `TrainingError.diverged` when the loss is no number; the weights are then still those of the step before.
    @discardableResult
    public func train(on batch: UnsafePointer<Float>) throws -> TrainingMetrics {
        let start = ContinuousClock.now
        let step = nextStep()
        objective.prepare(step)
        forward(batch, step)
        let alikeness = orthogonality?.evaluate(step: step.number) ?? 0
        var metrics = measure(step)
        metrics.loss += alikeness
        guard metrics.loss.isFinite else { throw TrainingError.diverged(step: step.number, loss: Float(metrics.loss)) }
        backward(step)
        self.step += 1
        markFired()
        steerSparsity(l0: metrics.l0, step)
        metrics.deadFraction = Double(deadNeurons.count) / Double(configuration.dSAE)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        metrics.tokensPerSecond = Double(configuration.batchSize) / max(seconds, 1e-9)
        return metrics
    }

    private func nextStep() -> TrainingStep {
        let rate = configuration.learningRate(step: step)
        let weight = configuration.sparsityCoefficient ?? Float(exp(logSparsity + sparsityExcess))
        return TrainingStep(
            number: step + 1, rate: rate, dead: deadNeurons,
            sparsity: configuration.architecture.choosesByCount ? 0 : weight * configuration.sparsityShare(step: step),
            adam: AdamStep(
                number: step + 1, rate: rate, beta1: configuration.beta1, beta2: configuration.beta2,
                epsilon: configuration.epsilon))
    }

    private func markFired() {
        for neuron in 0..<configuration.dSAE where !objective.main.lists.entries(of: neuron).isEmpty {
            lastFired[neuron] = tokensSeen
        }
    }

    /// Moves the penalty's weight so that L0 comes to k. The logarithm of L0 over k counts twice: at once, which damps, and summed
    /// over steps, which takes away what is left.
    private func steerSparsity(l0: Double, _ step: TrainingStep) {
        guard !configuration.architecture.choosesByCount, configuration.sparsityCoefficient == nil,
            configuration.sparsityShare(step: step.number - 1) == 1
        else { return }
        sparsityExcess = max(-1, min(1, log(max(l0, 1e-3) / Double(configuration.k))))
        // A short run has fewer steps to find the weight in.
        logSparsity += max(0.015, 9 / Double(configuration.totalSteps)) * sparsityExcess
    }

    /// All metrics but those that are known after the step.
    private func measure(_ step: TrainingStep) -> TrainingMetrics {
        let (batch, dIn) = (configuration.batchSize, configuration.dIn)
        var (error, rest) = (0.0, 0.0)
        var squares = 0.0
        for row in 0..<batch {
            error += Double(core.losses.pointer[row])
            rest += Double(core.penalties.pointer[row])
            squares += Double(LinearAlgebra.dot(core.input(row: row), core.input(row: row), count: dIn))
        }
        var sums = [Float](repeating: 0, count: dIn)
        core.addRows(of: core.centred.pointer, stride: dIn, count: batch, weight: 1, into: &sums)
        let n = Double(batch)
        let variance = squares - sums.reduce(0) { $0 + Double($1) * Double($1) } / n
        let scale = Double(inputScale)
        return TrainingMetrics(
            step: step.number, tokens: tokensSeen + batch, loss: (error + rest) / n, mse: error / n / (scale * scale),
            explainedVariance: variance > 0 ? 1 - error / variance : 0, l0: Double(objective.main.codes.total) / n,
            deadFraction: 0, learningRate: Double(step.rate), tokensPerSecond: 0,
            sparsityCoefficient: configuration.architecture.choosesByCount ? nil : Double(step.sparsity),
            threshold: objective.threshold.map { $0 / scale })
    }
}
