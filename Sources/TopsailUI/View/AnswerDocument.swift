import TerminalKit
import TopsailCore

/// The generated answer as the rows of its pane.
struct AnswerDocument {
    let lines: [StyledLine]

    /// - Parameter width: Columns of the pane; text is not wider than one can read.
    init(_ state: ExplorerState, width: Int) {
        let live = state.live
        let cursor = live.answer.isRunning ? (state.theme.glyphs.isASCII ? "_" : "▍") : ""
        let text = PrintableText.printable(live.answerText, keepingNewlines: true) + cursor
        let style = state.theme.style(live.earlierAnswer != nil ? .dim : .text)
        lines = TextLayout.wrap(text, width: min(max(1, width), 100)).map { StyledLine($0, style) }
    }
}

extension ExplorerState {
    /// The first row of the answer on show. Scrolling is counted from the end, so that what is being written stays in sight.
    var answerTop: Int {
        get { max(0, lastAnswerTop - live.answerScroll) }
        set { live.answerScroll = lastAnswerTop - min(max(0, newValue), lastAnswerTop) }
    }

    private var lastAnswerTop: Int {
        let area = LiveLayout(self).answer.interior
        return max(0, AnswerDocument(self, width: area.width).lines.count - area.height)
    }
}
