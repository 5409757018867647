/// Text as Python has it: a sequence of code points, compared one by one.
///
/// Swift's `String` counts characters and holds canonically equivalent texts for equal; templates count code points.
package struct PythonString: Sendable {
    package var scalars: [Unicode.Scalar]
    /// Marked by the filters `safe` and `escape`: adding ordinary text to it escapes that text.
    var isMarkup = false

    package init(_ text: String) { scalars = Array(text.unicodeScalars) }

    init(_ scalars: some Sequence<Unicode.Scalar>, isMarkup: Bool = false) {
        self.scalars = Array(scalars)
        self.isMarkup = isMarkup
    }

    package var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    var count: Int { scalars.count }
    var isEmpty: Bool { scalars.isEmpty }

    /// The same kind of text with other content.
    func with(_ scalars: some Sequence<Unicode.Scalar>) -> PythonString { PythonString(scalars, isMarkup: isMarkup) }

    static func + (left: PythonString, right: PythonString) -> PythonString { left.with(left.scalars + right.scalars) }
}

extension PythonString: Hashable, ExpressibleByStringLiteral {
    package static func == (left: PythonString, right: PythonString) -> Bool { left.scalars == right.scalars }
    package func hash(into hasher: inout Hasher) { hasher.combine(scalars) }
    package init(stringLiteral value: String) { self.init(value) }

    /// Order by code points.
    static func < (left: PythonString, right: PythonString) -> Bool {
        left.scalars.lexicographicallyPrecedes(right.scalars)
    }
}

extension Unicode.Scalar {
    /// What `str.isspace`, `str.strip` and `\s` hold for white space.
    var isPythonSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// What `str.splitlines` breaks at; CR LF is one break.
    var isPythonLineBreak: Bool {
        switch value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Whether `repr` leaves the code point as it is.
    var isPythonPrintable: Bool {
        if value < 0x7F { return value >= 0x20 }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    var isCased: Bool { properties.isCased }
}
