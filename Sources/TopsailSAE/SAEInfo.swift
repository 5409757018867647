import TopsailCore
import TopsailTensor

/// What an SAE is, without its weights.
public struct SAEInfo: Sendable, Hashable {
    /// How activations are chosen from pre-activations, in the field's own spelling.
    public enum Architecture: String, Sendable, Hashable, CaseIterable {
        case standard, gated, topk, abstopk, batchtopk, jumprelu, groupmax, temporal, variational
        /// The largest of all tokens together, where no threshold was stored.
        case batchTopKOfBatch = "batchtopk_batch"
        case matryoshka = "matryoshka_batchtopk"
        case hierarchicalTopK = "hierarchical_topk"
        case adaptiveK = "adaptivek"
        case topAFA = "top_afa"
        case switchTopK = "switch_topk"
        case kron = "kronsae"
        case mutualChoice = "mutual_choice"
        case featureChoice = "feature_choice"
        case matchingPursuit = "matching_pursuit"
        case transcoder
        case skipTranscoder = "skip_transcoder"
        case jumpReLUTranscoder = "jumprelu_transcoder"
        case jumpReLUSkipTranscoder = "jumprelu_skip_transcoder"
        case crossLayerTranscoder = "cross_layer_transcoder"
        case bagging, boosting
    }

    /// The name it goes by in a workspace; the checkpoint folder's name unless given.
    public var name: String
    /// The checkpoint ecosystem it was read from, e.g. `saelens`.
    public var format: String
    public var architecture: Architecture
    /// Where it reads in the model; `nil` when the checkpoint does not say it in a known way.
    public var hook: HookPoint?
    /// The layer it belongs to, where that is known although the hook point is not.
    public var layer: Int?
    /// The hook point in the checkpoint's own words.
    public var hookName: String?
    /// Whether the checkpoint can decode; `dOut` means nothing otherwise.
    public var hasDecoder = true
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
