import TopsailTensor

extension TopKTrainer {
    /// Rows of one piece of work. Fixed, so that results do not depend on the number of threads.
    private static var rowsPerBlock: Int { 256 }

    /// Fills the workspace with codes, errors, losses and the derivatives by the codes.
    func forward(_ batch: UnsafePointer<Float>, dead: [Int32]) {
        let rows = configuration.batchSize
        nonisolated(unsafe) let (trainer, batch) = (self, batch)
        Parallel.forEach(count: (rows + Self.rowsPerBlock - 1) / Self.rowsPerBlock) { block in
            let range = block * Self.rowsPerBlock..<min(rows, (block + 1) * Self.rowsPerBlock)
            trainer.centre(batch, rows: range)
            trainer.chooseActive(rows: range, dead: dead)
            for row in range {
                trainer.reconstruct(row: row)
                if dead.isEmpty {
                    trainer.clearAux(row: row)
                } else {
                    trainer.reconstructResidual(row: row)
                }
            }
        }
    }

    /// `x · scale − b_dec`.
    private func centre(_ batch: UnsafePointer<Float>, rows: Range<Int>) {
        let (dIn, bias, scale) = (configuration.dIn, decoderBias.values.pointer, inputScale)
        for row in rows {
            let (x, out) = (batch + row * dIn, workspace.centred.pointer + row * dIn)
            for i in 0..<dIn { out[i] = x[i] * scale - bias[i] }
        }
    }

    /// Top-k over all neurons, and top-aux-k over the dead ones, in one pass over the pre-activations.
    private func chooseActive(rows: Range<Int>, dead: [Int32]) {
        let dIn = configuration.dIn
        let scratch = FloatMatrix(
            rows: rows.count, columns: min(BlockwisePreActivations.neurons, configuration.dSAE))
        var active = rows.map { _ in TopKSelector(k: configuration.k) }
        var revived = dead.isEmpty ? [] : rows.map { _ in TopKSelector(k: workspace.auxCodes.width) }
        let pre = BlockwisePreActivations(
            encoder: encoder.values.pointer, bias: encoderBias.values.pointer, dIn: dIn, dSAE: configuration.dSAE)
        var candidates = dead[...]
        pre.visit(
            workspace.centred.pointer + rows.lowerBound * dIn, rows: rows.count, scratch: scratch.pointer
        ) { row, pre, first, count in
            active[row].consider(pre, first: first, count: count)
            if row == 0 { candidates = dead[...].drop { $0 < first }.prefix { $0 < first + count } }
            for index in candidates { revived[row].consider(index: index, value: pre[Int(index) - first]) }
        }
        for (i, row) in rows.enumerated() {
            workspace.codes.set(row: row, active[i].heap)
            if !dead.isEmpty { workspace.auxCodes.set(row: row, revived[i].heap) }
        }
    }

    /// `e = x̂ − x`, its square, and `∂loss/∂f_j = 2/B · W_dec[j] · e`.
    private func reconstruct(row: Int) {
        let (dIn, work) = (configuration.dIn, workspace)
        let error = work.errors.pointer + row * dIn
        let target = work.centred.pointer + row * dIn
        // b_dec cancels: x̂ − x = Σ f_j W_dec[j] − (x − b_dec).
        for i in 0..<dIn { error[i] = -target[i] }
        addDecoded(work.codes, row: row, into: error)
        work.losses.pointer[row] = LinearAlgebra.dot(error, error, count: dIn)
        differentiate(work.codes, row: row, error: error, factor: lossFactor)
    }

    /// The dead neurons try to produce what is missing: `a = ê − (x − x̂) = ê + e`. No gradient flows into `e`.
    private func reconstructResidual(row: Int) {
        let (dIn, work) = (configuration.dIn, workspace)
        let error = work.auxErrors.pointer + row * dIn
        error.update(from: work.errors.pointer + row * dIn, count: dIn)
        addDecoded(work.auxCodes, row: row, into: error)
        work.auxLosses.pointer[row] = LinearAlgebra.dot(error, error, count: dIn)
        differentiate(work.auxCodes, row: row, error: error, factor: auxLossFactor)
    }

    private func clearAux(row: Int) {
        workspace.auxCodes.counts[row] = 0
        workspace.auxLosses.pointer[row] = 0
    }

    private func addDecoded(_ codes: SparseCodes, row: Int, into y: UnsafeMutablePointer<Float>) {
        let start = row * codes.width
        SparseRows.addWeighted(
            rows: decoder.values.pointer, stride: configuration.dIn, indices: codes.indices + start,
            weights: codes.values + start, count: Int(codes.counts[row]), into: y, width: configuration.dIn)
    }

    private func differentiate(_ codes: SparseCodes, row: Int, error: UnsafePointer<Float>, factor: Float) {
        let (start, count) = (row * codes.width, Int(codes.counts[row]))
        SparseRows.dot(
            rows: decoder.values.pointer, stride: configuration.dIn, indices: codes.indices + start, count: count,
            with: error, width: configuration.dIn, into: codes.gradients + start)
        for entry in start..<start + count { codes.gradients[entry] *= factor }
    }
}

extension TopKTrainer {
    /// The loss is the mean over the batch of ‖e‖²: its derivative by `e` is this times `e`.
    var lossFactor: Float { 2 / Float(configuration.batchSize) }
    var auxLossFactor: Float { lossFactor * configuration.auxCoefficient }
}
