import TopsailCore
import TopsailTensor

/// What an SAE is, without its weights.
public struct SAEInfo: Sendable, Hashable {
    /// How activations are chosen from pre-activations, in the field's own spelling.
    public enum Architecture: String, Sendable, Hashable, CaseIterable {
        case standard, topk, jumprelu
    }

    /// The name it goes by in a workspace; the checkpoint folder's name unless given.
    public var name: String
    /// The checkpoint ecosystem it was read from, e.g. `saelens`.
    public var format: String
    public var architecture: Architecture
    /// Where it reads in the model; `nil` when the checkpoint does not say it in a known way.
    public var hook: HookPoint?
    /// The model it was trained on, as the checkpoint names it.
    public var model: String?
    /// Width of the activations it reads.
    public var dIn: Int
    /// Width of what it reconstructs; `dIn` except for transcoders.
    public var dOut: Int
    /// Number of neurons.
    public var dSAE: Int
    /// Type of the stored weights; arithmetic is fp32.
    public var dtype: DType
    /// What else defines it: `k`, `normalize_activations`, … in the checkpoint's own spelling.
    public var parameters: [String: ConfigurationValue]

    public init(
        name: String, format: String, architecture: Architecture, hook: HookPoint?, model: String?, dIn: Int, dOut: Int,
        dSAE: Int, dtype: DType, parameters: [String: ConfigurationValue]
    ) {
        self.name = name
        self.format = format
        self.architecture = architecture
        self.hook = hook
        self.model = model
        self.dIn = dIn
        self.dOut = dOut
        self.dSAE = dSAE
        self.dtype = dtype
        self.parameters = parameters
    }
}
