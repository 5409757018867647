import TopsailCore

/// What was typed after `/`, read: words and fields such as `max>5 dens<.1 layer:14 tag:refusal has:note`.
public struct FilterExpression: Sendable, Hashable {
    /// Words for the full-text search, joined by blanks.
    public var words = ""
    /// Bounds of the largest activation, in the SAE's units.
    public var max: ClosedRange<Double>?
    /// Bounds of the density in percent of the counted tokens.
    public var density: ClosedRange<Double>?
    public var minimumScore: Double?
    public var layer: Int?
    public var sae: String?
    /// Slug of a category; narrows what the tree has selected.
    public var tag: String?
    public var hasNote: Bool?
    public var hasExplanation: Bool?

    public init() {}

    public var isEmpty: Bool { self == FilterExpression() }

    /// A text that reads as this filter.
    public var text: String {
        var terms = words.isEmpty ? [] : [words]
        terms += Self.bounds(.max, max) + Self.bounds(.dens, density)
        if let minimumScore { terms.append("score>\(minimumScore)") }
        if let layer { terms.append("layer:\(layer)") }
        if let sae { terms.append("sae:\(sae)") }
        if let tag { terms.append("tag:\(tag)") }
        if hasNote == true { terms.append("has:note") }
        if hasExplanation == true { terms.append("has:explanation") }
        return terms.joined(separator: " ")
    }

    private static func bounds(_ field: Field, _ range: ClosedRange<Double>?) -> [String] {
        guard let range else { return [] }
        if range.lowerBound == range.upperBound { return ["\(field.rawValue)=\(range.lowerBound)"] }
        var terms: [String] = []
        if range.lowerBound > 0 { terms.append("\(field.rawValue)>\(range.lowerBound)") }
        if range.upperBound < Double.greatestFiniteMagnitude { terms.append("\(field.rawValue)<\(range.upperBound)") }
        return terms
    }

    /// What is wrong with a filter text, and the remedy.
    public struct Problem: UserFacingError, Hashable {
        public var description: String
        public var hint: String?
    }
}

extension FilterExpression {
    enum Field: String, CaseIterable {
        case max, dens, score, layer, sae, tag, has
        /// Another word for `tag`.
        case cat

        /// Reads a whole name or its first letter; `density` is `dens`.
        init?(typed: String) {
            guard
                let field = Self.allCases.first(where: { $0.rawValue == typed })
                    ?? Self.allCases.first(where: { typed.count == 1 && $0.rawValue.hasPrefix(typed) })
                    ?? (typed == "density" ? .dens : nil)
            else { return nil }
            self = field
        }
    }

    /// Reads a filter text. Blanks separate terms; all of them must hold.
    public static func parse(_ text: String) throws(Problem) -> FilterExpression {
        var filter = FilterExpression()
        var words: [Substring] = []
        for term in text.split(whereSeparator: \.isWhitespace) {
            guard let place = term.firstIndex(where: { ":<>=".contains($0) }), place > term.startIndex else {
                words.append(term)
                continue
            }
            let name = term[..<place].lowercased()
            guard let field = Field(typed: name) else { throw unknownField(name) }
            let value = term[term.index(after: place)...].drop { $0 == "=" }
            // A field whose value has yet to be typed does not bound anything.
            if !value.isEmpty { try filter.add(field, term[place], value) }
        }
        filter.words = words.joined(separator: " ")
        return filter
    }

    private mutating func add(_ field: Field, _ operation: Character, _ value: Substring) throws(Problem) {
        switch field {
        case .max: max = try Self.narrowed(max, field, operation, value)
        case .dens: density = try Self.narrowed(density, field, operation, value)
        case .score:
            guard operation != "<" else {
                throw Problem(
                    description: "score takes a lower bound only", hint: "for example score>.5; s and S sort by score")
            }
            minimumScore = try Self.number(value, for: field)
        case .layer:
            guard let number = Int(value), number >= 0 else { throw Self.notANumber(field, value) }
            layer = number
        case .sae: sae = String(value)
        case .tag, .cat: tag = value.lowercased()
        case .has:
            switch value.lowercased() {
            case "note", "n": hasNote = true
            case "explanation", "e": hasExplanation = true
            default:
                let shown = PrintableText.printable(String(value))
                throw Problem(description: "has:\(shown) is not known", hint: "has:note or has:explanation")
            }
        }
    }

    private static func narrowed(
        _ range: ClosedRange<Double>?, _ field: Field, _ operation: Character, _ value: Substring
    ) throws(Problem) -> ClosedRange<Double> {
        let bound = try number(value, for: field)
        let low = range?.lowerBound ?? 0
        let high = range?.upperBound ?? Double.greatestFiniteMagnitude
        switch operation {
        case ">": return bound...Swift.max(bound, high)
        case "<": return Swift.min(low, bound)...bound
        default: return bound...bound
        }
    }

    /// Reads `5`, `.1`, `1e-3`, `10%`.
    private static func number(_ text: Substring, for field: Field) throws(Problem) -> Double {
        let digits = text.hasSuffix("%") ? text.dropLast() : text
        guard let number = Double(digits.first == "." ? "0" + digits : String(digits)), number.isFinite else {
            throw notANumber(field, text)
        }
        return number
    }

    private static func notANumber(_ field: Field, _ value: Substring) -> Problem {
        let name = field.rawValue
        return Problem(
            description: "\(name) wants a number, not “\(PrintableText.printable(String(value)))”",
            hint: "for example \(name)\(field == .layer ? ":" : ">")5")
    }

    private static func unknownField(_ name: String) -> Problem {
        let known = Field.allCases.map(\.rawValue)
        let nearest = known.min { EditDistance.between($0, name) < EditDistance.between($1, name) }!
        return Problem(
            description: "no field “\(PrintableText.printable(name))”",
            hint: "did you mean \(nearest)? Fields: \(known.joined(separator: " "))")
    }
}
