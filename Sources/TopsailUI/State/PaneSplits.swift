import TerminalKit

/// A border between two panes that a person can move.
public enum Split: String, Sendable, Hashable, CaseIterable {
    // Browse, from left to right; the last stands between neighbours and logit effects.
    case tree = "browse-tree"
    case table = "browse-table"
    case detail = "browse-detail"
    case neighbours = "browse-neighbours"
    // Live: below the tokens, above the answer, and between the lists.
    case tokens = "live-tokens"
    case answer = "live-answer"
    case atToken = "live-at-token"
    case wholePrompt = "live-whole-prompt"
    // Contrast: beside the concepts, and between neurons and pairs, which stand below or beside them.
    case concepts = "contrast-concepts"
    case pairsBelow = "contrast-pairs-below"
    case pairsBeside = "contrast-pairs-beside"
    // Checkpoints: below the list, beside it, and beside the details.
    case list = "checkpoints-list"
    case frontier = "checkpoints-frontier"
    case densities = "checkpoints-densities"
}

/// How far borders were moved from where they stand by themselves: cells to the right or down, to the left or up below zero.
public typealias SplitMoves = [Split: Int]

/// A border under the mouse.
struct SplitDrag: Sendable, Hashable {
    var split: Split
    /// The column or row where it was taken.
    var start: Int
    /// How far it had been moved then.
    var moved: Int
}
