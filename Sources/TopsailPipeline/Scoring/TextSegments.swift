/// Cuts a context into the segments that segment-level simulation asks about.
///
/// At sentence ends; a longer piece again at a comma or, failing that, at a full length; a short piece joins its neighbour. The
/// cut depends on the text alone, so that all neurons share it.
package enum TextSegments {
    package static let longest = 16
    package static let shortest = 4

    /// - Parameter texts: What each token says.
    /// - Returns: Ranges of tokens that follow each other and cover all of them.
    package static func cut(_ texts: [String]) -> [Range<Int>] {
        joined(sentences(texts).flatMap { pieces($0, texts) })
    }

    private static let sentenceEnds: Set<Character> = [".", "!", "?", "。", "！", "？"]
    private static let commas: Set<Character> = [",", ";", ":", "，", "、", "；", "："]

    private static func sentences(_ texts: [String]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        for (index, text) in texts.enumerated() where endsSentence(text) || index == texts.count - 1 {
            pieces.append(start..<index + 1)
            start = index + 1
        }
        return pieces
    }

    private static func endsSentence(_ text: String) -> Bool {
        text.contains(where: \.isNewline) || text.last { !$0.isWhitespace }.map(sentenceEnds.contains) == true
    }

    /// A piece that is too long, cut at the last comma within reach.
    private static func pieces(_ sentence: Range<Int>, _ texts: [String]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var rest = sentence
        while rest.count > longest {
            let reach = rest.lowerBound..<rest.lowerBound + longest
            let comma = reach.last { texts[$0].last { !$0.isWhitespace }.map(commas.contains) == true }
            let end = (comma ?? reach.upperBound - 1) + 1
            pieces.append(rest.lowerBound..<end)
            rest = end..<rest.upperBound
        }
        return pieces + (rest.isEmpty ? [] : [rest])
    }

    /// Short pieces join the one after; the last joins the one before.
    private static func joined(_ pieces: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for piece in pieces {
            if let last = result.last, last.count < shortest {
                result[result.count - 1] = last.lowerBound..<piece.upperBound
            } else {
                result.append(piece)
            }
        }
        if let last = result.last, last.count < shortest, result.count > 1 {
            result.removeLast()
            result[result.count - 1] = result[result.count - 1].lowerBound..<last.upperBound
        }
        return result
    }
}
