import Foundation
import TopsailCore

/// A gated SAE (Rajamanoharan et al. 2024): one linear map decides which neurons are on, the same map with another scale and
/// bias says how strongly.
///
/// `e = x · W_enc`; on where `e + b_gate > 0`; value `ReLU(e · exp(r_mag) + b_mag)`.
public final class GatedSAE: LinearSAE {
    /// Its encoder has no bias: pre-activations are `e`.
    let core: LinearCore
    let gateBias: [Float]
    let magnitudeBias: [Float]
    /// `exp(r_mag)`.
    let magnitudeScale: [Float]

    /// - Precondition: One entry a neuron each.
    init(core: LinearCore, gateBias: [Float], magnitudeBias: [Float], logMagnitudeScale: [Float]) {
        self.core = core
        self.gateBias = gateBias
        self.magnitudeBias = magnitudeBias
        magnitudeScale = logMagnitudeScale.map { Foundation.exp($0) }
    }

    /// All weights as fp32 in memory, folds applied. For an SAE from a file this makes a copy, which is then kept.
    public var weights: SAEWeights { copiedWeights }
    public var normalization: InputNormalization { core.input.normalization }
    /// Whether `b_dec` is subtracted from the (normalised) input.
    public var appliesDecoderBiasToInput: Bool { core.input.center != nil }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        core.encode(x, tokens: tokens) { [self] _ in
            GatedSelector(gateBias: gateBias, magnitudeBias: magnitudeBias, magnitudeScale: magnitudeScale)
        }
    }
}
