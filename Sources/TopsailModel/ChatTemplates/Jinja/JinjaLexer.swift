/// Cuts a template into tokens the way Jinja does with `trim_blocks` and `lstrip_blocks`.
///
/// The newline after a block is dropped, and so is white space between the start of a line and a block; `-` next to a
/// tag strips all white space on that side, `+` keeps it.
struct JinjaLexer {
    let source: [Unicode.Scalar]
    var place = 0
    var line = 1
    var tokens: [JinjaToken] = []
    /// Whether the text that follows begins a line.
    private var startsLine = true
    /// Closing brackets that are due.
    var openBrackets: [String] = []

    static func tokens(of template: String) throws -> [JinjaToken] {
        guard template.utf8.count <= JinjaLimits.sourceLength else {
            throw JinjaFailure.limit("the template is too long")
        }
        var lexer = JinjaLexer(template)
        try lexer.run()
        return lexer.tokens
    }

    private init(_ template: String) {
        var scalars = JinjaLexer.unifyingNewlines(Array(template.unicodeScalars))
        if scalars.last == "\n" { scalars.removeLast() }
        source = scalars
    }

    /// CR LF and CR as LF.
    static func unifyingNewlines(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard scalars.contains("\r") else { return scalars }
        var result: [Unicode.Scalar] = []
        for (place, scalar) in scalars.enumerated() {
            if scalar == "\n", place > 0, scalars[place - 1] == "\r" { continue }
            result.append(scalar == "\r" ? "\n" : scalar)
        }
        return result
    }

    private mutating func run() throws {
        while place < source.count {
            guard let tag = nextTag() else {
                emitData(source[place...], sign: nil, isVariable: true)
                place = source.count
                break
            }
            let text = source[place..<tag]
            place = tag + 2
            switch source[tag + 1] {
            case "#":
                emitData(text, sign: takeSign(), isVariable: false)
                try skipComment()
            case "{":
                emitData(text, sign: takeSign(), isVariable: true)
                try lexTag(opening: .variableBegin, closing: .variableEnd)
            default:
                let sign = takeSign()
                emitData(text, sign: sign, isVariable: false)
                if let start = rawStart() {
                    try lexRaw(from: start)
                } else {
                    try lexTag(opening: .blockBegin, closing: .blockEnd)
                }
            }
        }
        tokens.append(JinjaToken(kind: .end, line: line))
    }

    private func nextTag() -> Int? {
        guard source.count >= 2 else { return nil }
        return (place..<source.count - 1).first {
            source[$0] == "{" && ["%", "{", "#"].contains(source[$0 + 1])
        }
    }

    func matches(_ text: String, at start: Int) -> Bool {
        let wanted = text.unicodeScalars
        return start + wanted.count <= source.count && source[start..<start + wanted.count].elementsEqual(wanted)
    }

    private mutating func takeSign() -> Unicode.Scalar? {
        guard place < source.count, source[place] == "-" || source[place] == "+" else { return nil }
        defer { place += 1 }
        return source[place]
    }

    // MARK: Text

    /// Emits the text before a tag without what the tag strips of it.
    private mutating func emitData(_ text: ArraySlice<Unicode.Scalar>, sign: Unicode.Scalar?, isVariable: Bool) {
        var kept = text
        if sign == "-" {
            while kept.last?.isPythonSpace == true { kept.removeLast() }
        } else if sign != "+", !isVariable {
            let lineStart = text.lastIndex(of: "\n").map { $0 + 1 } ?? text.startIndex
            if lineStart > text.startIndex || startsLine, text[lineStart...].allSatisfy(\.isPythonSpace) {
                kept = text[..<lineStart]
            }
        }
        if !kept.isEmpty { tokens.append(JinjaToken(kind: .data(PythonString(kept)), line: line)) }
        countLines(text)
    }

    mutating func countLines(_ text: ArraySlice<Unicode.Scalar>) { line += text.count { $0 == "\n" } }

    /// Consumes the end of a tag, if one stands here, and the white space that goes with it.
    private mutating func takeEnd(_ end: String, at start: Int, trimsNewline: Bool, allowsPlus: Bool) -> Bool {
        var next: Int
        if matches("-" + end, at: start) {
            next = start + 3
            while next < source.count, source[next].isPythonSpace { next += 1 }
        } else if allowsPlus, matches("+" + end, at: start) {
            next = start + 3
        } else if matches(end, at: start) {
            next = start + 2
            if trimsNewline, next < source.count, source[next] == "\n" { next += 1 }
        } else {
            return false
        }
        countLines(source[place..<next])
        startsLine = source[next - 1] == "\n"
        place = next
        return true
    }

    private mutating func skipComment() throws {
        let opened = line
        for start in place..<max(place, source.count)
        where takeEnd("#}", at: start, trimsNewline: true, allowsPlus: true) {
            return
        }
        throw JinjaFailure.syntax(line: opened, "the comment is not closed")
    }

    // MARK: Raw blocks

    /// Where the content of a raw block begins, when this tag opens one.
    private func rawStart() -> Int? { wordEnd("raw", at: place).flatMap(rawTagEnd) }

    private func rawTagEnd(_ start: Int) -> Int? {
        if matches("%}", at: start) { return start + 2 }
        guard matches("-%}", at: start) else { return nil }
        return source[(start + 3)...].firstIndex { !$0.isPythonSpace } ?? source.count
    }

    /// The place after a word with white space around it.
    private func wordEnd(_ word: String, at start: Int) -> Int? {
        var next = start
        while next < source.count, source[next].isPythonSpace { next += 1 }
        guard matches(word, at: next) else { return nil }
        next += word.unicodeScalars.count
        while next < source.count, source[next].isPythonSpace { next += 1 }
        return next
    }

    private mutating func lexRaw(from start: Int) throws {
        let opened = line
        countLines(source[place..<start])
        startsLine = source[start - 1] == "\n"
        place = start
        var tag = start
        while tag + 1 < source.count {
            guard matches("{%", at: tag) else {
                tag += 1
                continue
            }
            var inside = tag + 2
            let sign = inside < source.count && ["-", "+"].contains(source[inside]) ? source[inside] : nil
            if sign != nil { inside += 1 }
            let text = source[start..<tag]
            if let end = wordEnd("endraw", at: inside), closesBlock(at: end) {
                emitData(text, sign: sign, isVariable: false)
                place = end
                _ = takeEnd("%}", at: end, trimsNewline: true, allowsPlus: true)
                return
            }
            tag += 1
        }
        throw JinjaFailure.syntax(line: opened, "the raw block is not closed")
    }

    private func closesBlock(at start: Int) -> Bool { ["%}", "-%}", "+%}"].contains { matches($0, at: start) } }

    // MARK: Tags

    private mutating func lexTag(opening: JinjaToken.Kind, closing: JinjaToken.Kind) throws {
        let isBlock = opening == .blockBegin
        tokens.append(JinjaToken(kind: opening, line: line))
        openBrackets = []
        while place < source.count {
            let started = line
            if openBrackets.isEmpty,
                takeEnd(isBlock ? "%}" : "}}", at: place, trimsNewline: isBlock, allowsPlus: isBlock)
            {
                tokens.append(JinjaToken(kind: closing, line: started))
                return
            }
            if source[place].isPythonSpace {
                countLines(source[place...place])
                place += 1
            } else {
                tokens.append(JinjaToken(kind: try expressionToken(), line: started))
            }
        }
    }
}
