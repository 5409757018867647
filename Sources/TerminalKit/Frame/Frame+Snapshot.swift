/// Frames as text, for tests, bug reports and the `save-frame` command.
extension Frame {
    /// The characters of each row, full width.
    public var lines: [String] {
        (0..<height).map { y in cells[y * width..<(y + 1) * width].reduce(into: "") { $0 += $1.text } }
    }

    /// The characters without trailing blanks, one row a line.
    public var plainText: String {
        lines.map { line in
            var line = Substring(line)
            while line.last == " " { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }

    /// A letter for each cell's style (`.` is plain), one row a line, then a line for each letter saying what it
    /// stands for.
    ///
    /// Letters are given in order of first appearance, so equal frames print equal layers.
    public var styleLayer: String {
        var letters: [Style: Character] = [.plain: "."]
        var legend: [String] = []
        let names = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        let rows = (0..<height).map { y in
            String(
                cells[y * width..<(y + 1) * width].map { cell in
                    if let letter = letters[cell.style] { return letter }
                    let letter = legend.count < names.count ? names[legend.count] : "?"
                    letters[cell.style] = letter
                    legend.append("\(letter): \(cell.style)")
                    return letter
                })
        }
        return (rows + legend).joined(separator: "\n")
    }

    /// Text and style layer together: what a golden file holds.
    public var snapshot: String {
        let place = cursor.map { "\ncursor \($0.x),\($0.y)\(isCursorVisible ? "" : " hidden")" } ?? ""
        return plainText + "\n--\n" + styleLayer + place + "\n"
    }
}

extension Style: CustomStringConvertible {
    /// `bold 214 on 236`, `plain`.
    public var description: String {
        var words: [String] = []
        for (attribute, name) in [
            (Attributes.bold, "bold"), (.dim, "dim"), (.underline, "underline"), (.reverse, "reverse"),
            (.italic, "italic"),
        ] where attributes.contains(attribute) {
            words.append(name)
        }
        if foreground != .default { words.append(foreground.description) }
        if background != .default { words.append("on \(background)") }
        return words.isEmpty ? "plain" : words.joined(separator: " ")
    }
}

extension TerminalColor: CustomStringConvertible {
    /// `default`, `214`, `#ffaf00`.
    public var description: String {
        switch self {
        case .default: return "default"
        case .indexed(let index): return String(index)
        case .rgb(let red, let green, let blue):
            return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }
}
