import TopsailCore
import TopsailTensor

/// BatchTopK (Bussmann, Leask and Nanda 2024): of a batch's positive pre-activations the k · tokens largest survive.
///
/// Single tokens are encoded with one threshold in the end: a running mean of the least surviving activation of each batch.
class BatchTopKObjective: TrainingObjective, @unchecked Sendable {
    /// `Σ (1 − r)^(t − i) · r · least_i` with rate r: SAELens' running threshold, which starts from 0.
    private(set) var runningThreshold = 0.0
    private var steps = 0
    /// Candidates below it are not kept. A guess: when it was too high, candidates are chosen again with 0.
    private var floor: Float = 0

    private var survivors: Int { configuration.k * configuration.batchSize }

    override var scalars: [String: Double] {
        get { ["topk_threshold": runningThreshold, "topk_steps": Double(steps)] }
        set {
            runningThreshold = newValue["topk_threshold"] ?? 0
            steps = Int(newValue["topk_steps"] ?? 0)
        }
    }

    /// The running mean without the bias of its start.
    override var threshold: Double? {
        var weight = 1.0
        for _ in 0..<min(steps, 10_000) { weight *= 1 - configuration.thresholdRate }
        return steps > 0 ? runningThreshold / (1 - weight) : nil
    }

    override func makeSelector() -> any CandidateSelector { FloorSelector(floor: floor) }

    override func prepare(_ step: TrainingStep) { floor = Float(0.5 * (threshold ?? 0)) }

    override func accepts(_ candidates: [[ActiveFeature]]) -> Bool {
        if floor == 0 || candidates.reduce(0, { $0 + $1.count }) >= survivors { return true }
        floor = 0
        return false
    }

    override func resolve(_ candidates: [[ActiveFeature]], _ step: TrainingStep) {
        var values: [Float] = []
        for row in candidates { for feature in row { values.append(feature.value) } }
        guard values.count > survivors else {
            main.codes.fill(candidates)
            return note(least: values.min())
        }
        let least = values.withUnsafeMutableBufferPointer { Self.largest(survivors, of: $0) }
        // Of those that equal the least as many stay as there is room for, by rising row and index.
        var room = survivors - values.count { $0 > least }
        main.codes.fill(
            candidates.map { row in
                row.filter { feature in
                    if feature.value == least && room > 0 {
                        room -= 1
                        return true
                    }
                    return feature.value > least
                }
            })
        note(least: least)
    }

    private func note(least: Float?) {
        guard let least else { return }
        let rate = configuration.thresholdRate
        runningThreshold = (1 - rate) * runningThreshold + rate * Double(least)
        steps += 1
    }

    /// The n-th largest value; the order of the values changes (Hoare's selection).
    static func largest(_ n: Int, of values: UnsafeMutableBufferPointer<Float>) -> Float {
        var (low, high) = (0, values.count - 1)
        let wanted = n - 1
        while low < high {
            let pivot = values[low + (high - low) / 2]
            var (i, j) = (low, high)
            while i <= j {
                while values[i] > pivot { i += 1 }
                while values[j] < pivot { j -= 1 }
                if i <= j {
                    values.swapAt(i, j)
                    i += 1
                    j -= 1
                }
            }
            if wanted <= j {
                high = j
            } else if wanted >= i {
                low = i
            } else {
                break
            }
        }
        return values[wanted]
    }
}
