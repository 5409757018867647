import Foundation
import TopsailCore
import TopsailTensor

/// A Switch SAE (Mudide et al. 2024; amudide/switch_sae): a router sends each token to one of several experts, which are
/// consecutive blocks of neurons; only that expert's neurons can be active, TopK among them.
///
/// `p = softmax((x − b_router) · Rᵀ)`; the largest p names the expert, and multiplies its ReLU values unless `heaviside`.
public final class SwitchSAE: LinearSAE {
    let core: LinearCore
    /// `[experts, d_in]`.
    private let router: SAEMatrix
    private let routerBias: [Float]
    public let k: Int
    private let isHeaviside: Bool

    /// - Precondition: The router's rows divide the number of neurons.
    init(core: LinearCore, router: SAEMatrix, routerBias: [Float], k: Int, isHeaviside: Bool) {
        precondition(core.info.dSAE % router.rows == 0, "\(router.rows) experts share \(core.info.dSAE) neurons")
        self.core = core
        self.router = router
        self.routerBias = routerBias
        self.k = k
        self.isHeaviside = isHeaviside
    }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        let routes = route(x, tokens: tokens)
        let size = core.info.dSAE / router.rows
        return core.encode(x, tokens: tokens) { [k] token in
            ExpertSelector(
                neurons: routes[token].expert * size..<(routes[token].expert + 1) * size, factor: routes[token].factor,
                k: k)
        }
    }

    private func route(_ x: UnsafePointer<Float>, tokens: Int) -> [(expert: Int, factor: Float)] {
        let (dIn, experts) = (router.columns, router.rows)
        let centred = FloatMatrix(rows: tokens, columns: dIn)
        for token in 0..<tokens {
            for i in 0..<dIn { centred.pointer[token * dIn + i] = x[token * dIn + i] - routerBias[i] }
        }
        let logits = FloatMatrix(rows: tokens, columns: experts)
        router.multiply(centred.pointer, count: tokens, into: logits.pointer)
        return (0..<tokens).map { token in
            let row = UnsafeBufferPointer(logits.row(token))
            let best = row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) } ?? 0
            let sum = row.reduce(0) { $0 + Foundation.exp($1 - row[best]) }
            return (best, isHeaviside ? 1 : 1 / sum)
        }
    }
}
