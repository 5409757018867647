/// SentencePiece's way with spaces: each becomes a visible mark, and a word takes the mark before it along.
package struct Metaspace: Sendable {
    package enum Prepending: Sendable { case always, first, never }

    package var mark: [UInt8] = Array("\u{2581}".utf8)
    package var prepending = Prepending.always
    package var splits = true

    package init() {}

    /// Calls `body` with each part, and whether it stands at the start of what is encoded.
    func forEachPart(of text: UTF8Text, isFirst: Bool, _ body: (UTF8Text, Bool) -> Void) {
        marked(text, isFirst: isFirst).withText { marked in
            guard splits else { return body(marked, isFirst) }
            Splitting(.text(.literal(mark)), .mergedWithNext).forEachPart(of: marked) { part in
                body(marked[part], isFirst && part.lowerBound == 0)
            }
        }
    }

    private func marked(_ text: UTF8Text, isFirst: Bool) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count + text.count / 2)
        let begins = text.has(mark, at: 0) || text.bytes.first == 0x20
        if !begins, prepending == .always || prepending == .first && isFirst { output += mark }
        for byte in text.bytes {
            if byte == 0x20 { output += mark } else { output.append(byte) }
        }
        return output
    }
}
