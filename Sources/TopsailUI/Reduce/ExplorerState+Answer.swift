import TerminalKit
import TopsailEngine

/// Answers of the model in Live.
extension ExplorerState {
    mutating func startAnswer() -> [Effect] {
        let text = live.editor.text
        guard text.contains(where: { !$0.isWhitespace }) else {
            say("the prompt is empty; type one first")
            live.pane = .prompt
            return []
        }
        live.editor.history.record(text)
        live.earlierAnswer = nil
        beginAnswer(after: 0)
        let prompt = "--text \(text.shellQuoted)" + (live.request.usesChatTemplate ? " --chat" : "")
        record("topsail encode \(prompt)")
        record("topsail generate \(prompt) \(live.sampling.arguments)")
        // An answer belongs to one prompt.
        live.held = nil
        live.pane = .tokens
        return [
            .cancelReport, .savePrompts(live.editor.history.entries),
            .answer(live.request, live.sampling, generation: live.answerGeneration),
        ]
    }

    /// Goes on where an answer was cut or stopped.
    mutating func continueAnswer() -> [Effect] {
        guard live.whyNotContinued == nil else { return [] }
        var options = live.sampling
        options.written = live.sequence.answerTokens.map(\.id)
        beginAnswer(after: options.written.count)
        return [.cancelReport, .answer(live.request, options, generation: live.answerGeneration)]
    }

    private mutating func beginAnswer(after written: Int) {
        live.answerScroll = 0
        live.pickedToken = nil
        live.answerGeneration += 1
        live.generation += 1
        live.writtenBefore = written
        live.answer = .running(since: now)
        begin(.answer, "answer")
    }

    mutating func receive(_ step: AnswerEvent, generation: Int) -> [Effect] {
        guard generation == live.answerGeneration, case .running(let since) = live.answer else { return [] }
        switch step {
        case .prompt(let report): return show(report)
        case .token(let token, let categories):
            live.sequence.append(token)
            live.categories = categories
            if live.pickedToken == nil { live.atCursor = ListCursor() }
            return loadLabels(ofTokensFrom: live.sequence.tokens.count - 1)
        case .finished(let endOfTurn):
            end(.answer)
            live.answer = .finished(endOfTurn: endOfTurn, took: now - since)
            return []
        }
    }

    mutating func stopAnswer() -> [Effect] {
        endAnswer(.stopped)
        return [.stopAnswer]
    }

    mutating func endAnswer(_ end: LiveState.Answer) {
        guard live.answer.isRunning else { return }
        self.end(.answer)
        live.answer = end
        live.shownGeneration = live.generation
    }
}
