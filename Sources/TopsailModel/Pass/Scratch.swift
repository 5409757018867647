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
    /// `[rows, pairs]`: rotary angles of each row's position.
    let cosine: FloatMatrix
    let sine: FloatMatrix

    init(_ c: ModelConfiguration, rotaryPairs: Int, rows: Int) {
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
        cosine = FloatMatrix(rows: rows, columns: rotaryPairs)
        sine = FloatMatrix(rows: rows, columns: rotaryPairs)
    }
}
