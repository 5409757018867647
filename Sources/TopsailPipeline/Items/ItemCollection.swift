import TopsailCore
import TopsailSAE
import TopsailTensor

/// Reads items once and collects what an SAE's neurons did on them: an item is a document of one context, its rows are the
/// tokens, and all of them count.
struct ItemCollection {
    let source: ItemSource
    let sae: any SparseAutoencoder
    /// Rows of an item.
    let positions: Int

    /// Rows that are read at once.
    private static let block = 256

    /// - Throws: `ItemError.width` when the SAE reads rows of another width.
    init(_ source: ItemSource, _ sae: any SparseAutoencoder) throws {
        let file = source.activations
        guard let positions = file.positions(ofWidth: sae.info.dIn) else {
            throw ItemError.width(
                path: file.path, key: file.key, shape: file.shape, sae: sae.info.name, dIn: sae.info.dIn)
        }
        self.source = source
        self.sae = sae
        self.positions = positions
    }

    /// - Parameters:
    ///   - contexts: Strongest items kept of each neuron.
    ///   - progress: Called with the rows that are read, and all.
    /// - Throws: `ItemError.notFinite` or `overflow`; `CancellationError`.
    func run(
        contexts: Int, isCancelled: () -> Bool = { false }, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> NeuronCollection {
        let rows = source.activations.items * positions
        var collection = NeuronCollection(
            dSAE: sae.info.dSAE, plannedTokens: rows, contexts: contexts, vocabularySize: positions, topicNames: [""])
        let block = sae.needsWholeSequence ? positions : min(Self.block, rows)
        let values = FloatMatrix(rows: block, columns: sae.info.dIn)
        let counted = Array(0..<positions)
        let tokens = counted.map { TokenID($0) }
        var features: [[ActiveFeature]] = []
        var item = 0
        for start in stride(from: 0, to: rows, by: block) {
            if isCancelled() { throw CancellationError() }
            let range = start..<min(start + block, rows)
            source.activations.read(rows: range, positions: positions, into: values.pointer)
            for row in range { try check(values.row(row - start), row) }
            for (row, active) in zip(range, sae.encode(values.pointer, tokens: range.count)) {
                try check(active, row)
                features.append(active)
                guard features.count == positions else { continue }
                collection.add(
                    NeuronCollection.Passage(
                        document: item, topic: 0, tokens: tokens, positions: 0..<positions, counted: counted,
                        features: features))
                features.removeAll(keepingCapacity: true)
                item += 1
            }
            progress(range.upperBound, rows)
        }
        return collection
    }

    private func check(_ values: UnsafeMutableBufferPointer<Float>, _ row: Int) throws {
        guard !values.allSatisfy(\.isFinite) else { return }
        let file = source.activations
        throw ItemError.notFinite(
            path: file.path, key: file.key, item: row / positions, position: positions > 1 ? row % positions : nil)
    }

    private func check(_ features: [ActiveFeature], _ row: Int) throws {
        guard !features.allSatisfy(\.value.isFinite) else { return }
        let file = source.activations
        throw ItemError.overflow(path: file.path, key: file.key, item: row / positions, sae: sae.info.name)
    }
}
