// What `str` does in Python, on code points.

extension PythonString {
    /// Without leading or trailing code points of a set; white space without one.
    func stripped(_ set: PythonString? = nil, leading: Bool = true, trailing: Bool = true) -> PythonString {
        let members = set.map { Set($0.scalars) }
        func drops(_ scalar: Unicode.Scalar) -> Bool { members?.contains(scalar) ?? scalar.isPythonSpace }
        var rest = scalars[...]
        if leading { rest = rest.drop(while: drops) }
        if trailing { while let last = rest.last, drops(last) { rest.removeLast() } }
        return with(rest)
    }

    /// Where another text begins at or after a place.
    func find(_ part: PythonString, from start: Int = 0, to end: Int? = nil) -> Int? {
        let end = Swift.min(end ?? count, count)
        guard start >= 0, start + part.count <= end else { return nil }
        guard let first = part.scalars.first else { return start }
        for place in start...(end - part.count)
        where scalars[place] == first && scalars[place..<place + part.count].elementsEqual(part.scalars) {
            return place
        }
        return nil
    }

    func findLast(_ part: PythonString, from start: Int = 0, to end: Int? = nil) -> Int? {
        let end = Swift.min(end ?? count, count)
        guard start >= 0, start + part.count <= end else { return nil }
        for place in stride(from: end - part.count, through: start, by: -1)
        where scalars[place..<place + part.count].elementsEqual(part.scalars) {
            return place
        }
        return nil
    }

    func contains(_ part: PythonString) -> Bool { find(part) != nil }

    func hasPrefix(_ part: PythonString) -> Bool { scalars.starts(with: part.scalars) }
    func hasSuffix(_ part: PythonString) -> Bool { scalars.reversed().starts(with: part.scalars.reversed()) }

    /// The pieces between a separator that is not empty, at most `limit` cuts; a negative limit is none.
    func split(_ separator: PythonString, limit: Int) -> [PythonString] {
        var pieces: [PythonString] = []
        var start = 0
        while limit < 0 || pieces.count < limit, let place = find(separator, from: start) {
            pieces.append(with(scalars[start..<place]))
            start = place + separator.count
        }
        return pieces + [with(scalars[start...])]
    }

    func splitFromEnd(_ separator: PythonString, limit: Int) -> [PythonString] {
        var pieces: [PythonString] = []
        var end = count
        while limit < 0 || pieces.count < limit, let place = findLast(separator, to: end) {
            pieces.append(with(scalars[place + separator.count..<end]))
            end = place
        }
        return (pieces + [with(scalars[..<end])]).reversed()
    }

    /// The words between white space.
    func splitWords(limit: Int) -> [PythonString] {
        var words: [PythonString] = []
        var rest = scalars[...].drop { $0.isPythonSpace }
        while !rest.isEmpty {
            if limit >= 0, words.count == limit {
                words.append(with(rest))
                break
            }
            let word = rest.prefix { !$0.isPythonSpace }
            words.append(with(word))
            rest = rest[word.endIndex...].drop { $0.isPythonSpace }
        }
        return words
    }

    func splitWordsFromEnd(limit: Int) -> [PythonString] {
        let reversed = with(scalars.reversed())
        return reversed.splitWords(limit: limit).reversed().map { $0.with($0.scalars.reversed()) }
    }

    func lines(keepingEnds: Bool = false) -> [PythonString] {
        var lines: [PythonString] = []
        var start = 0
        var place = 0
        while place < count {
            guard scalars[place].isPythonLineBreak else {
                place += 1
                continue
            }
            let isPair = scalars[place] == "\r" && place + 1 < count && scalars[place + 1] == "\n"
            let next = place + (isPair ? 2 : 1)
            lines.append(with(scalars[start..<(keepingEnds ? next : place)]))
            (start, place) = (next, next)
        }
        if start < count { lines.append(with(scalars[start...])) }
        return lines
    }

    /// Every occurrence, or the first `limit` of them, replaced; an empty text occurs between all code points.
    func replacing(_ old: PythonString, with new: PythonString, limit: Int = -1) -> PythonString {
        guard limit != 0 else { return self }
        guard old.isEmpty else {
            return with(split(old, limit: limit).map(\.scalars).joined(separator: new.scalars))
        }
        var result: [Unicode.Scalar] = []
        var done = 0
        for scalar in scalars {
            if limit < 0 || done < limit { result += new.scalars }
            done += 1
            result.append(scalar)
        }
        if limit < 0 || done < limit { result += new.scalars }
        return with(result)
    }

    /// How often a text occurs without overlap.
    func occurrences(of part: PythonString) -> Int { part.isEmpty ? count + 1 : split(part, limit: -1).count - 1 }
}

// MARK: Letter case

extension PythonString {
    func uppercased() -> PythonString { with(scalars.flatMap { $0.properties.uppercaseMapping.unicodeScalars }) }

    func lowercased() -> PythonString { with(scalars.indices.flatMap(lowercase(at:))) }

    /// The first code point in title case, the rest in lower case.
    func capitalized() -> PythonString {
        with(scalars.indices.flatMap { $0 == 0 ? titlecase(at: 0) : lowercase(at: $0) })
    }

    /// Each run of cased code points capitalised, as `str.title` does.
    func titled() -> PythonString {
        var followsCased = false
        return with(
            scalars.indices.flatMap { place in
                defer { followsCased = scalars[place].isCased }
                return followsCased ? lowercase(at: place) : titlecase(at: place)
            })
    }

    private func titlecase(at place: Int) -> [Unicode.Scalar] {
        Array(scalars[place].properties.titlecaseMapping.unicodeScalars)
    }

    /// Lower case; a capital sigma at the end of a word has a form of its own.
    private func lowercase(at place: Int) -> [Unicode.Scalar] {
        guard scalars[place] == "\u{3A3}" else {
            return Array(scalars[place].properties.lowercaseMapping.unicodeScalars)
        }
        let before = scalars[..<place].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(place + 1)...].first { !$0.properties.isCaseIgnorable }
        return [before?.isCased == true && after?.isCased != true ? "\u{3C2}" : "\u{3C3}"]
    }
}

// MARK: HTML

extension PythonString {
    /// With the characters that HTML gives a meaning replaced, as the `escape` filter does.
    func escaped() -> PythonString {
        if isMarkup { return self }
        return PythonString(
            scalars.flatMap { scalar -> [Unicode.Scalar] in
                switch scalar {
                case "&": Array("&amp;".unicodeScalars)
                case "<": Array("&lt;".unicodeScalars)
                case ">": Array("&gt;".unicodeScalars)
                case "\"": Array("&#34;".unicodeScalars)
                case "'": Array("&#39;".unicodeScalars)
                default: [scalar]
                }
            }, isMarkup: true)
    }

    /// The same text without the mark.
    var plain: PythonString { PythonString(scalars) }
}
