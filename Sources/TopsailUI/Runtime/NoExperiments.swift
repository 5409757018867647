import TopsailCore
import TopsailEngine

/// Stands in for experiments where there is no model and no SAE to make them with.
public struct NoExperiments: ContrastService, CheckpointService {
    private let reason: any UserFacingError

    public init(_ reason: any UserFacingError = NoModel.Reason("there is no model to make experiments with")) {
        self.reason = reason
    }

    public func pairs() async throws -> [PromptPair] { [] }
    public func pairs(at path: String) async throws -> [PromptPair] { throw reason }
    public func keep(_ own: [PromptPair]) async throws { throw reason }

    public func contrast(_ pairs: [PromptPair]) -> AsyncThrowingStream<ContrastEvent, any Error> {
        AsyncThrowingStream { $0.finish(throwing: reason) }
    }

    public func checkpoints() async throws -> [CheckpointEntry] { [] }
    public func open(path: String) async throws -> CheckpointEntry { throw reason }
    public func densities(of sae: String) async throws -> DensityDistribution { throw reason }
    public func checkFit(of checkpoint: CheckpointEntry) async throws -> FitReport { throw reason }

    public func compare(
        _ first: CheckpointEntry, with second: CheckpointEntry
    ) async throws -> CheckpointComparison { throw reason }
}
