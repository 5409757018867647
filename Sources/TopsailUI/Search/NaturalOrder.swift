/// The order of names in which digits count as numbers: `mlp_out.7` before `mlp_out.14`.
package enum NaturalOrder {
    /// Whether a name comes before another one.
    package static func precedes(_ left: String, _ right: String) -> Bool {
        var (a, b) = (Substring(left), Substring(right))
        while let first = a.first, let second = b.first {
            if first.isASCIIDigit, second.isASCIIDigit {
                let (x, y) = (number(&a), number(&b))
                // Without leading zeros, the longer number is the higher one.
                if x.count != y.count { return x.count < y.count }
                if x != y { return x < y }
            } else {
                if first != second { return first < second }
                a.removeFirst()
                b.removeFirst()
            }
        }
        if a.isEmpty != b.isEmpty { return a.isEmpty }
        // Names that differ in leading zeros only keep an order of their own.
        return left < right
    }

    private static func number(_ text: inout Substring) -> Substring {
        let digits = text.prefix { $0.isASCIIDigit }
        text = text.dropFirst(digits.count)
        return digits.drop { $0 == "0" }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
