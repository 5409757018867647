/// Cuts text into pre-tokens, the stretches that merging never crosses.
///
/// A list of steps as data: each cuts every piece the one before has left, and looks no further than that piece.
package struct PreTokenizer: Sendable {
    package enum Step: Sendable {
        case split(Splitting)
        /// GPT-2's: a space in front where none is, a cut by GPT-2's expression, then each byte spelled in the alphabet.
        case byteLevel(addsPrefixSpace: Bool, splits: Bool)
        case metaspace(Metaspace)
    }

    package let steps: [Step]

    package init(_ steps: [Step]) {
        self.steps = steps
    }

    /// Whether the pieces come as text that is still to be spelled in the byte alphabet: nothing else follows that step,
    /// so that the model spells only what it has not met before.
    package var leavesSpelling: Bool {
        if case .byteLevel = steps.last { true } else { false }
    }

    /// Calls `body` with each pre-token in order.
    ///
    /// - Parameter isFirst: Whether the text stands at the start of what is encoded.
    package func forEachPiece(in text: UTF8Text, isFirst: Bool, _ body: (UTF8Text) -> Void) {
        cut(text, isFirst: isFirst, step: 0, body)
    }

    private func cut(_ text: UTF8Text, isFirst: Bool, step: Int, _ body: (UTF8Text) -> Void) {
        guard !text.isEmpty else { return }
        guard step < steps.count else { return body(text) }
        switch steps[step] {
        case .split(let splitting):
            splitting.forEachPart(of: text) { part in
                cut(text[part], isFirst: isFirst && part.lowerBound == 0, step: step + 1, body)
            }
        case .byteLevel(let addsPrefixSpace, let splits):
            text.withPrefixSpace(addsPrefixSpace) { text in
                guard splits else { return spell(text, isFirst: isFirst, step: step, body) }
                Splitting.gpt2.forEachPart(of: text) { part in
                    spell(text[part], isFirst: isFirst && part.lowerBound == 0, step: step, body)
                }
            }
        case .metaspace(let metaspace):
            metaspace.forEachPart(of: text, isFirst: isFirst) { part, isFirst in
                cut(part, isFirst: isFirst, step: step + 1, body)
            }
        }
    }

    private func spell(_ text: UTF8Text, isFirst: Bool, step: Int, _ body: (UTF8Text) -> Void) {
        guard step + 1 < steps.count else { return body(text) }
        ByteAlphabet.spelled(text).withText { cut($0, isFirst: isFirst, step: step + 1, body) }
    }
}

extension UTF8Text {
    fileprivate func withPrefixSpace(_ isWanted: Bool, _ body: (UTF8Text) -> Void) {
        guard isWanted, bytes.first != 0x20 else { return body(self) }
        ([0x20] + bytes).withText(body)
    }
}
