import TopsailCore
import TopsailTensor

extension SAETrainer {
    /// Rows of one piece of work. Fixed, so that results do not depend on the number of threads.
    private static var rowsPerBlock: Int { 256 }

    /// Fills codes, errors, losses and the derivatives by the codes.
    func forward(_ batch: UnsafePointer<Float>, _ step: TrainingStep) {
        nonisolated(unsafe) let batch = batch
        let core = core
        forBlocks { core.centre(batch, rows: $0) }
        var candidates = chooseCandidates(step)
        if !objective.accepts(candidates.living) { candidates = chooseCandidates(step) }
        objective.resolve(candidates.living, step)
        objective.revival?.codes.fill(candidates.dead)
        objective.willDifferentiate()
        let (objective, revives) = (objective, !step.dead.isEmpty)
        forBlocks { rows in
            for row in rows {
                objective.differentiate(row: row, step)
                if revives { objective.revive(row: row) }
                objective.didDifferentiate(row: row)
            }
        }
    }

    private func forBlocks(_ body: @Sendable (Range<Int>) -> Void) {
        let rows = configuration.batchSize
        Parallel.forEach(count: (rows + Self.rowsPerBlock - 1) / Self.rowsPerBlock) { block in
            body(block * Self.rowsPerBlock..<min(rows, (block + 1) * Self.rowsPerBlock))
        }
    }

    /// What may become active in each row, and the dead neurons of each row that are to be revived.
    private func chooseCandidates(_ step: TrainingStep) -> (living: [[ActiveFeature]], dead: [[ActiveFeature]]) {
        let rows = configuration.batchSize
        var living = [[ActiveFeature]](repeating: [], count: rows)
        var dead = living
        let objective = objective
        living.withUnsafeMutableBufferPointer { living in
            dead.withUnsafeMutableBufferPointer { dead in
                nonisolated(unsafe) let (living, dead) = (living, dead)
                forBlocks { Self.choose(objective, rows: $0, among: step.dead, living: living, dead: dead) }
            }
        }
        return (living, dead)
    }

    /// Living and dead in one pass over the pre-activations.
    private static func choose(
        _ objective: TrainingObjective, rows: Range<Int>, among deadNeurons: [Int32],
        living: UnsafeMutableBufferPointer<[ActiveFeature]>, dead: UnsafeMutableBufferPointer<[ActiveFeature]>
    ) {
        let revives = objective.revival != nil && !deadNeurons.isEmpty
        var selectors = rows.map { _ in objective.makeSelector() }
        var revived = revives ? rows.map { _ in objective.makeRevivalSelector() } : []
        var offered = deadNeurons[...]
        objective.visitPreActivations(rows: rows) { row, pre, first, count in
            selectors[row].consider(pre, first: first, count: count)
            guard revives else { return }
            if row == 0 { offered = deadNeurons[...].drop { $0 < first }.prefix { $0 < first + count } }
            for index in offered { revived[row].consider(index: index, value: pre[Int(index) - first]) }
        }
        for (i, row) in rows.enumerated() {
            living[row] = selectors[i].kept
            if revives { dead[row] = revived[i].kept }
        }
    }
}
