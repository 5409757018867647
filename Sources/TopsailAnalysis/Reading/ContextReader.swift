import TopsailCore
import TopsailModel

/// A stretch of a text that a model read in one go, and the activations of one hook point on it.
public struct ContextActivations {
    /// Index of the text among those read.
    public let text: Int
    /// Positions in the text.
    public let positions: Range<Int>
    public let point: HookPoint
    /// `[positions.count, width]`, valid during the call.
    public let values: UnsafePointer<Float>
    public let width: Int
}

/// Reads many texts with a model, several side by side, and shows the activations of each.
///
/// A text longer than a context is read in pieces that know nothing of each other.
public final class ContextReader {
    /// Longest stretch in tokens that the model sees at once.
    public let contextLength: Int
    private let session: ModelSession
    private let rowsPerPass: Int

    /// - Parameter rowsPerPass: Tokens computed at once.
    public init(
        _ model: LanguageModel, precision: Precision, contextLength: Int, rowsPerPass: Int = 1024, slots: Int = 24
    ) {
        let rows = max(rowsPerPass, contextLength)
        session = ModelSession(
            model, precision: precision, slots: slots, capacity: contextLength, maximumRows: rows)
        self.contextLength = session.capacity
        self.rowsPerPass = rows
    }

    private struct Piece {
        var text: Int
        var positions: Range<Int>
    }

    /// Reads texts in their order.
    ///
    /// - Parameters:
    ///   - texts: Tokens of each text.
    ///   - body: Called for each hook point of each stretch; stretches of a text come in order.
    public func read(
        _ texts: [[TokenID]], hooks: Set<HookPoint>, isCancelled: () -> Bool = { false },
        body: (ContextActivations) throws -> Void
    ) throws {
        var pass: [Piece] = []
        var rows = 0
        for (index, tokens) in texts.enumerated() {
            for start in stride(from: 0, to: tokens.count, by: contextLength) {
                let piece = Piece(text: index, positions: start..<min(start + contextLength, tokens.count))
                if rows + piece.positions.count > rowsPerPass || pass.count == session.slots {
                    try run(pass, texts, hooks, isCancelled, body)
                    pass = []
                    rows = 0
                }
                pass.append(piece)
                rows += piece.positions.count
            }
        }
        if !pass.isEmpty { try run(pass, texts, hooks, isCancelled, body) }
    }

    private func run(
        _ pass: [Piece], _ texts: [[TokenID]], _ hooks: Set<HookPoint>, _ isCancelled: () -> Bool,
        _ body: (ContextActivations) throws -> Void
    ) throws {
        for slot in pass.indices { session.truncate(slot: slot, to: 0) }
        try withoutActuallyEscaping(body) { body in
            let handler = HookSet(hooks) { activation in
                for segment in activation.segments {
                    let piece = pass[segment.slot]
                    let first = piece.positions.lowerBound + segment.start
                    try body(
                        ContextActivations(
                            text: piece.text, positions: first..<first + segment.count, point: activation.point,
                            values: activation.values + segment.firstRow * activation.width, width: activation.width))
                }
            }
            _ = try session.append(
                pass.map { texts[$0.text][$0.positions] }, slots: Array(pass.indices), hooks: handler,
                isCancelled: isCancelled)
        }
    }
}
