import TopsailTensor

/// Working memory of a forward pass, made once for the widest pass and reused.
final class Scratch {
    let maximumRows: Int
    /// `[rows, d_model]`: the residual stream.
    let residual: FloatMatrix
    /// `[rows, d_model]`: what a norm hands to attention or the MLP.
    let normed: FloatMatrix
    /// `[rows, d_model]`: what a sublayer adds to the stream.
    let sublayer: FloatMatrix
    /// `[rows, heads * d_head]`.
    let query: FloatMatrix
    /// `[rows, kv heads * d_head]`.
    let key: FloatMatrix
    let value: FloatMatrix
    /// `[rows, heads * d_head]`: the heads' outputs, `attn_z`.
    let z: FloatMatrix
    /// `[rows, d_mlp]`: the gate, then `mlp_act`.
    let gate: FloatMatrix
    let up: FloatMatrix
    /// `[rows, d_model]`: what attention adds while the MLP beside it is computed; empty unless blocks are parallel.
    let parallel: FloatMatrix
    /// One for each rotary embedding of the model.
    let angles: [AngleTable]

    init(_ c: ModelConfiguration, rows: Int) {
        maximumRows = rows
        residual = FloatMatrix(rows: rows, columns: c.dModel)
        normed = FloatMatrix(rows: rows, columns: c.dModel)
        sublayer = FloatMatrix(rows: rows, columns: c.dModel)
        query = FloatMatrix(rows: rows, columns: c.nHeads * c.dHead)
        key = FloatMatrix(rows: rows, columns: c.nKVHeads * c.dHead)
        value = FloatMatrix(rows: rows, columns: c.nKVHeads * c.dHead)
        z = FloatMatrix(rows: rows, columns: c.nHeads * c.dHead)
        gate = FloatMatrix(rows: rows, columns: c.dMLP)
        up = FloatMatrix(rows: rows, columns: c.dMLP)
        parallel = FloatMatrix(rows: c.block.isParallel ? rows : 0, columns: c.dModel)
        angles = c.rotaries.map { AngleTable(rows: rows, pairs: $0.pairs) }
    }
}

/// Cosines and sines of each row's rotary angles. Shapes `[rows, pairs]`.
final class AngleTable {
    let cosine: FloatMatrix
    let sine: FloatMatrix

    init(rows: Int, pairs: Int) {
        cosine = FloatMatrix(rows: rows, columns: pairs)
        sine = FloatMatrix(rows: rows, columns: pairs)
    }
}
