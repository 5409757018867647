import TopsailCore

/// What is written of a few neurons of one SAE, in files of their own.
protocol NeuronBatch {
    /// Neurons that it holds at most.
    static var capacity: Int { get }
    /// Why a neuron may be left out.
    static var demand: String { get }

    var source: NeuronpediaSource { get }
    /// Neurons so far.
    var neurons: Int { get }

    init(source: NeuronpediaSource, number: Int)

    /// Takes a neuron, unless the format has no room for it.
    ///
    /// - Returns: Whether it did.
    mutating func add(_ neuron: ExportedNeuron, _ texts: ExportTexts) -> Bool

    func write(to folder: String) throws
}

/// A folder of batches: those of each SAE are numbered from 0.
struct NeuronBatches<Batch: NeuronBatch> {
    let neurons: SelectedNeurons
    let texts: ExportTexts

    func write(to path: String, _ count: () throws -> Void) throws {
        try ExportFolder.write(to: path) { folder in
            guard try writeBatches(to: folder, count) == 0, neurons.count > 0 else { return }
            throw InterchangeError(path: path, problem: "none of the \(neurons.count) neurons \(Batch.demand)")
        }
    }

    private func writeBatches(to folder: String, _ count: () throws -> Void) throws -> Int {
        var batch: Batch?
        var numbers: [String: Int] = [:]
        var written = 0
        func flush() throws {
            guard let full = batch, full.neurons > 0 else { return }
            try full.write(to: folder)
            numbers[full.source.folder, default: 0] += 1
            batch = nil
        }
        try neurons.forEachDetail { neuron in
            let source = NeuronpediaSource(neuron.detail.sae)
            if let full = batch, full.source.sae != source.sae || full.neurons >= Batch.capacity { try flush() }
            if batch?.source.sae != source.sae {
                batch = Batch(source: source, number: numbers[source.folder, default: 0])
            }
            guard batch!.add(neuron, texts) else { return }
            written += 1
            try count()
        }
        try flush()
        return written
    }
}
