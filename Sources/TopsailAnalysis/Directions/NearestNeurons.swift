import TopsailSAE
import TopsailTensor

/// Which neurons of an SAE write in nearly the same direction.
public enum NearestNeurons {
    /// Another neuron and the cosine of the decoder rows.
    public struct Neighbour: Sendable, Hashable {
        public var index: Int
        public var cosine: Float
    }

    private static let block = 128

    /// The nearest other neurons of each neuron by decoder cosine, nearest first; zero rows have none.
    ///
    /// - Complexity: O(d_sae² · d_out), memory for a block of rows.
    public static func byDecoder(_ sae: any SparseAutoencoder, count: Int = 5) -> [[Neighbour]] {
        let neurons = sae.info.dSAE
        let width = sae.info.dOut
        let units = UnitDecoder.rows(sae)
        var result = Array(repeating: [Neighbour](), count: neurons)
        let cosines = FloatMatrix(rows: block, columns: neurons)
        for start in stride(from: 0, to: neurons, by: block) {
            let rows = min(block, neurons - start)
            LinearAlgebra.gemm(
                transA: false, transB: true, m: rows, n: neurons, k: width, alpha: 1, a: units.pointer + start * width,
                lda: width, b: units.pointer, ldb: width, beta: 0, c: cosines.pointer, ldc: neurons)
            for row in 0..<rows {
                result[start + row] = nearest(in: cosines.row(row), to: start + row, count: count)
            }
        }
        return result
    }

    private static func nearest(
        in cosines: UnsafeMutableBufferPointer<Float>, to neuron: Int, count: Int
    ) -> [Neighbour] {
        guard cosines[neuron] > 0.5 else { return [] }
        var kept: [Neighbour] = []
        for (index, cosine) in cosines.enumerated() where index != neuron {
            if kept.count == count, cosine <= kept[count - 1].cosine { continue }
            let place = kept.firstIndex { $0.cosine < cosine } ?? kept.count
            kept.insert(Neighbour(index: index, cosine: cosine), at: place)
            if kept.count > count { kept.removeLast() }
        }
        return kept
    }
}
