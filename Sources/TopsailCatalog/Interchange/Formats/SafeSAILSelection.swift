import TopsailCore
import TopsailFiles

/// The neurons that Safe-SAIL's demo shows of a layer, and the tails of their activations.
struct SafeSAILSelection {
    /// Path of the folder.
    let path: String
    let sink: CatalogImport
    let model: String

    /// Activations that the tails were taken of; the files do not say it.
    private static let recorded = 200_000

    /// - Parameters:
    ///   - indices: A tensor of indices, among which some come twice.
    ///   - tails: A dict with the largest activations; its columns go by an index's first position.
    func read(indices file: String, tails: String?, layer: Int) throws {
        let archive = try TorchFile(path: path + "/" + file)
        guard let tensor = archive.tensors.first, archive.tensors.count == 1 else {
            throw InterchangeError(path: path + "/" + file, problem: "one tensor of indices is expected")
        }
        let indices = try archive.integers(tensor.name)
        let quantiles = try tails.map { try self.quantiles($0, count: indices.count) }
        var seen: Set<Int> = []
        for (position, index) in indices.enumerated() where seen.insert(index).inserted {
            var neuron = ImportedNeuron(sae: ImportedSAE(layer: layer, model: model), index: index)
            if let quantiles {
                neuron.statistics.q999 = quantiles.q999[position]
                neuron.statistics.maxActivation = quantiles.max[position]
            }
            try sink.add(neuron, at: "\(file), position \(position)")
        }
    }

    /// The 0.999 quantile and the largest value of each selected neuron, from the upper tail `[k, n]` in rising order.
    private func quantiles(_ file: String, count: Int) throws -> (q999: [Float], max: [Float]) {
        let archive = try TorchFile(path: path + "/" + file)
        let tail = try archive.matrix("top_neuron_activations")
        guard tail.columns == count, tail.rows > 0 else {
            throw InterchangeError(
                path: path + "/" + file,
                problem: "\(count) columns are expected, one for each index, but there are \(tail.columns)")
        }
        // Row j, counted from 1, is the value of rank N - k + j.
        let rank = 0.999 * Double(Self.recorded) - Double(Self.recorded - tail.rows)
        guard rank >= 1 else {
            throw InterchangeError(path: path + "/" + file, problem: "its tail does not reach the 0.999 quantile")
        }
        let low = min(Int(rank), tail.rows - 1)
        let part = Float(rank - Double(low))
        func value(_ row: Int, _ column: Int) -> Float { tail.row(max(row - 1, 0))[column] }
        return (
            (0..<count).map { value(low, $0) + part * (value(low + 1, $0) - value(low, $0)) },
            (0..<count).map { value(tail.rows, $0) }
        )
    }
}
