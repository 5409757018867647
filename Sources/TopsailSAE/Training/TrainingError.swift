import TopsailCore

/// Why training cannot start, go on or resume.
public enum TrainingError: UserFacingError, Hashable {
    case badConfiguration(String)
    /// The loss is no number any more. The weights are those of the step before.
    case diverged(step: Int, loss: Float)
    /// A checkpoint belongs to another run.
    case otherRun(path: String, difference: String)
    case badCheckpoint(path: String, problem: String)

    public var description: String {
        switch self {
        case .badConfiguration(let problem): "training cannot start: \(problem)"
        case .diverged(let step, let loss): "training diverged: the loss of step \(step) is \(loss)"
        case .otherRun(let path, let difference): "\(path) belongs to another run: \(difference)"
        case .badCheckpoint(let path, let problem): "\(path) is no training checkpoint: \(problem)"
        }
    }

    public var hint: String? {
        switch self {
        case .diverged: "lower the learning rate, or look for activations that are not finite"
        case .otherRun: "remove the checkpoint to start anew, or go on with the settings it was made with"
        default: nil
        }
    }
}
