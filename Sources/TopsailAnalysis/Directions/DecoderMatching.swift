import TopsailCore
import TopsailSAE
import TopsailTensor

/// Finds for each neuron of one SAE the neuron of another that writes in the most similar direction.
public enum DecoderMatching {
    public struct Match: Sendable, Hashable {
        /// Neuron of the first SAE.
        public var first: Int
        /// Its nearest neuron of the second.
        public var second: Int
        public var cosine: Float
        /// Whether the first is also the nearest to the second.
        public var isMutual: Bool
    }

    private static let block = 128

    /// One match for each neuron of the first SAE whose decoder row is not zero, by falling cosine, then index.
    ///
    /// - Throws: `AnalysisError.differentOutputs` when they write to spaces of different width; `CancellationError`.
    /// - Complexity: O(d_sae · d_sae' · d_out), memory for a block of rows.
    public static func match(
        _ first: any SparseAutoencoder, with second: any SparseAutoencoder, isCancelled: () -> Bool = { false }
    ) throws -> [Match] {
        guard first.info.dOut == second.info.dOut else {
            throw AnalysisError.differentOutputs(
                first: first.info.name, firstWidth: first.info.dOut, second: second.info.name,
                secondWidth: second.info.dOut)
        }
        let (rows, columns, width) = (first.info.dSAE, second.info.dSAE, first.info.dOut)
        let left = UnitDecoder.rows(first)
        let right = UnitDecoder.rows(second)
        let cosines = FloatMatrix(rows: block, columns: columns)
        var best = [(index: Int, cosine: Float)](repeating: (0, -2), count: rows)
        var reverse = [(index: Int, cosine: Float)](repeating: (0, -2), count: columns)
        for start in stride(from: 0, to: rows, by: block) {
            if isCancelled() { throw CancellationError() }
            let count = min(block, rows - start)
            LinearAlgebra.gemm(
                transA: false, transB: true, m: count, n: columns, k: width, alpha: 1, a: left.pointer + start * width,
                lda: width, b: right.pointer, ldb: width, beta: 0, c: cosines.pointer, ldc: columns)
            for row in 0..<count {
                for (column, cosine) in cosines.row(row).enumerated() {
                    if cosine > best[start + row].cosine { best[start + row] = (column, cosine) }
                    if cosine > reverse[column].cosine { reverse[column] = (start + row, cosine) }
                }
            }
        }
        let written = (0..<rows).filter { !left.row($0).allSatisfy { $0 == 0 } }
        return written.map { index in
            Match(
                first: index, second: best[index].index, cosine: best[index].cosine,
                isMutual: reverse[best[index].index].index == index)
        }
        .sorted { ($1.cosine, $0.first) < ($0.cosine, $1.first) }
    }
}

/// Decoder rows brought to length one.
enum UnitDecoder {
    /// `[d_sae, d_out]`; rows of zeros stay zeros.
    static func rows(_ sae: any SparseAutoencoder) -> FloatMatrix {
        let units = FloatMatrix(rows: sae.info.dSAE, columns: sae.info.dOut)
        for neuron in 0..<sae.info.dSAE {
            let row = sae.decoderRow(neuron)
            let length = LinearAlgebra.norm(row.baseAddress!, count: row.count)
            if length > 0 {
                LinearAlgebra.axpy(1 / length, row.baseAddress!, into: units.row(neuron).baseAddress!, count: row.count)
            }
        }
        return units
    }
}
