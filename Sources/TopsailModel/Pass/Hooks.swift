import TopsailCore

/// A run of new tokens of one sequence, as rows of a pass.
public struct Segment: Sendable, Hashable {
    /// The sequence's slot in the session's cache.
    public var slot: Int
    /// Position of the first row in the sequence.
    public var start: Int
    /// First row of the pass.
    public var firstRow: Int
    /// Rows.
    public var count: Int
    /// Positions the sequence will have once everything that is being appended has been read, in this pass and those after it.
    /// Rotary scalings that look at the length go by it.
    public var plannedLength: Int

    /// Positions of the sequence once this segment has been read.
    public var end: Int { start + count }
}

/// What a hook is handed: the rows of one hook point in the pass that is running.
public struct HookActivation {
    public let point: HookPoint
    /// `[rows, width]`, row-major. May be written: the pass goes on with what is there (steering, clamping, ablation).
    public let values: UnsafeMutablePointer<Float>
    public let rows: Int
    public let width: Int
    /// Which rows belong to which sequence and position.
    public let segments: [Segment]
}

/// Which activations a caller wants to see, and what it does with them.
public struct HookSet {
    public let points: Set<HookPoint>
    let handler: (HookActivation) throws -> Void

    public init(_ points: Set<HookPoint>, _ handler: @escaping (HookActivation) throws -> Void) {
        self.points = points
        self.handler = handler
    }

    public static var none: HookSet { HookSet([]) { _ in } }

    /// Layers that must run for these points, in a model of `layers` layers.
    func layersNeeded(of layers: Int) -> Int {
        points.map { point in
            switch point.site {
            case .finalNorm: layers
            // The stream going into a layer needs the layers below it only.
            case .residPre: point.layer
            default: point.layer + 1
            }
        }.max() ?? 0
    }
}

/// Which rows' logits a pass returns.
public enum LogitsRequest: Sendable, Hashable {
    case none
    /// Of the last row of each segment: `[segments, vocab]`.
    case last
    /// Of every row: `[rows, vocab]`.
    case all
}
