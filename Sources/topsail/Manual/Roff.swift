/// A page for `man`, in the man macros that groff and mandoc read.
struct Roff {
    private(set) var text = ""

    /// - Parameter section: Of the manual: 1 for programs.
    init(title: String, section: Int, source: String, manual: String) {
        // Neither hyphens nor stretched blanks within what is to be typed.
        text = ".TH \(Self.quoted(title)) \(section) \"\" \(Self.quoted(source)) \(Self.quoted(manual))\n.nh\n.ad l\n"
    }

    mutating func section(_ title: String) { text += ".SH \(Self.quoted(title))\n" }
    mutating func subsection(_ title: String) { text += ".SS \(Self.quoted(title))\n" }
    mutating func plain(_ words: String) { text += Self.line(words) + "\n" }
    mutating func paragraph(_ words: String) { text += ".PP\n\(Self.line(words))\n" }

    /// A term that hangs over what is said about it. Terms are marked up already.
    mutating func item(_ term: String, _ words: String) { text += ".TP\n\(term)\n\(Self.line(words))\n" }

    /// Lines that stay as they are: examples and usages.
    mutating func literal(_ lines: [String]) {
        text += ".PP\n.RS 4\n.nf\n" + lines.map { Self.line($0) + "\n" }.joined() + ".fi\n.RE\n"
    }

    static func bold(_ words: String) -> String { "\\fB\(escaped(words))\\fR" }
    static func italic(_ words: String) -> String { "\\fI\(escaped(words))\\fR" }

    /// Text in which nothing means anything to roff.
    static func escaped(_ words: String) -> String {
        words.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\e"
            case "-": text += "\\-"
            case "'": text += "\\(aq"
            case "`": text += "\\(ga"
            case "^": text += "\\(ha"
            case "~": text += "\\(ti"
            case "\"": text += "\\(dq"
            case "\n": text += " "
            case _ where character.isASCII: text.append(character)
            default:
                for scalar in character.unicodeScalars {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    text += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
                }
            }
        }
    }

    /// A line of text, which must not begin with a control character of roff.
    private static func line(_ words: String) -> String {
        let text = escaped(words)
        return text.hasPrefix(".") ? "\\&" + text : text
    }

    private static func quoted(_ words: String) -> String { "\"\(escaped(words))\"" }
}
