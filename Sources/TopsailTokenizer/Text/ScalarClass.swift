/// The four classes that GPT-2's and its followers' regular expressions tell apart. Each code point is in exactly one.
package enum ScalarClass: Sendable {
    /// `\p{L}`
    case letter
    /// `\p{N}`
    case number
    /// `\s`: Unicode white space, U+0085 and the no-break spaces included.
    case whitespace
    /// `[^\s\p{L}\p{N}]`
    case other
}

extension ScalarClass {
    @inline(__always)
    init(codePoint: UInt32) {
        if codePoint < 0x80 {
            self.init(ascii: UInt8(truncatingIfNeeded: codePoint))
        } else {
            self.init(beyondASCII: codePoint)
        }
    }

    @inline(__always)
    private init(ascii: UInt8) {
        switch ascii {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .letter
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .number
        case 0x09...0x0D, 0x20: self = .whitespace
        default: self = .other
        }
    }

    private init(beyondASCII codePoint: UInt32) {
        if codePoint == 0x85 {
            self = .whitespace
            return
        }
        switch UnicodeData.category(codePoint) {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
        case .decimalNumber, .letterNumber, .otherNumber: self = .number
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: self = .whitespace
        default: self = .other
        }
    }
}

extension UTF8Text {
    /// The class of the code point at a position, and the position after it.
    @inline(__always)
    func scalarClass(at position: Int) -> (class: ScalarClass, next: Int) {
        let (value, next) = codePoint(at: position)
        return (ScalarClass(codePoint: value), next)
    }

    /// The end of the run of one class that goes on from a position.
    @inline(__always)
    func endOfRun(_ wanted: ScalarClass, from position: Int, to end: Int) -> Int {
        var position = position
        while position < end {
            let (found, next) = scalarClass(at: position)
            guard found == wanted else { break }
            position = next
        }
        return position
    }
}
