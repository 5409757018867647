import Foundation
import TopsailTensor

extension TopKTrainer {
    /// Takes one step.
    ///
    /// - Parameter batch: `[batchSize, d_in]`, unscaled.
    /// - Throws: `TrainingError.diverged` when the loss is no number; the weights are then still those of the step before.
    @discardableResult
    public func train(on batch: UnsafePointer<Float>) throws -> TrainingMetrics {
        let start = ContinuousClock.now
        let rate = configuration.learningRate(step: step)
        let dead = configuration.auxK > 0 ? deadNeurons : []
        forward(batch, dead: dead)
        var metrics = measure(rate: rate)
        guard metrics.loss.isFinite else { throw TrainingError.diverged(step: step + 1, loss: Float(metrics.loss)) }
        backward(
            AdamStep(
                number: step + 1, rate: rate, beta1: configuration.beta1, beta2: configuration.beta2,
                epsilon: configuration.epsilon))
        step += 1
        markFired()
        metrics.deadFraction = Double(deadNeurons.count) / Double(configuration.dSAE)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        metrics.tokensPerSecond = Double(configuration.batchSize) / max(seconds, 1e-9)
        return metrics
    }

    private func markFired() {
        for neuron in 0..<configuration.dSAE where !workspace.lists.entries(of: neuron).isEmpty {
            lastFired[neuron] = tokensSeen
        }
    }

    /// All metrics but those that are known after the step.
    private func measure(rate: Float) -> TrainingMetrics {
        let batch = configuration.batchSize
        let (dIn, work) = (configuration.dIn, workspace)
        var (error, auxError) = (0.0, 0.0)
        for row in 0..<batch {
            error += Double(work.losses.pointer[row])
            auxError += Double(work.auxLosses.pointer[row])
        }
        var squares = 0.0
        for row in 0..<batch {
            let x = work.centred.pointer + row * dIn
            squares += Double(LinearAlgebra.dot(x, x, count: dIn))
        }
        var sums = [Float](repeating: 0, count: dIn)
        addRows(of: work.centred, count: batch, weight: 1, into: &sums)
        let n = Double(batch)
        let variance = squares - sums.reduce(0) { $0 + Double($1) * Double($1) } / n
        let scale = Double(inputScale)
        return TrainingMetrics(
            step: step + 1, tokens: tokensSeen + batch,
            loss: (error + Double(configuration.auxCoefficient) * auxError) / n, mse: error / n / (scale * scale),
            explainedVariance: variance > 0 ? 1 - error / variance : 0, l0: Double(work.codes.total) / n,
            deadFraction: 0, learningRate: Double(rate), tokensPerSecond: 0)
    }

    /// `sums += weight · Σ rows`, in the order of the rows.
    func addRows(of matrix: borrowing FloatMatrix, count: Int, weight: Float, into sums: UnsafeMutablePointer<Float>) {
        let weights = [Float](repeating: weight, count: count)
        SparseRows.addWeighted(
            rows: matrix.pointer, stride: matrix.columns, indices: workspace.counting, weights: weights, count: count,
            into: sums, width: matrix.columns)
    }
}
