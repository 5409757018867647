/// A set of code points, as the classes of regular expressions describe them.
struct ScalarSet: Sendable {
    indirect enum Node: Sendable {
        case range(ClosedRange<UInt32>)
        /// General categories, one bit each.
        case categories(UInt32)
        case whitespace
        /// `\w`
        case word
        /// Chinese characters by their script.
        case han
        case union([Node])
        case intersection([Node])
        case complement(Node)
        /// A set and what differs from its members in case only.
        case caseless(Node)
    }

    private let node: Node
    /// The part below U+0080, which most of most texts is, one bit for each.
    private let low: UInt64
    private let high: UInt64

    init(_ node: Node) {
        self.node = node
        func bits(_ range: Range<UInt32>) -> UInt64 {
            range.reversed().reduce(0) { $0 << 1 | (node.contains($1) ? 1 : 0) }
        }
        low = bits(0..<64)
        high = bits(64..<128)
    }

    @inline(__always)
    func contains(_ codePoint: UInt32) -> Bool {
        if codePoint < 64 { return low >> UInt64(codePoint) & 1 == 1 }
        if codePoint < 128 { return high >> UInt64(codePoint - 64) & 1 == 1 }
        return node.contains(codePoint)
    }
}

extension ScalarSet.Node {
    func contains(_ codePoint: UInt32) -> Bool {
        switch self {
        case .range(let range): range.contains(codePoint)
        case .categories(let mask): mask >> UnicodeData.category(codePoint).index & 1 == 1
        case .whitespace: UnicodeData.isWhitespace(codePoint)
        case .word: UnicodeData.isPartOfOnigurumaWord(codePoint)
        case .han: HanScript.contains(codePoint)
        case .union(let parts): parts.contains { $0.contains(codePoint) }
        case .intersection(let parts): parts.allSatisfy { $0.contains(codePoint) }
        case .complement(let inner): !inner.contains(codePoint)
        case .caseless(let inner): CaseFolding.variants(of: codePoint).contains { inner.contains($0) }
        }
    }
}

/// Simple case folding, as far as single letters go.
enum CaseFolding {
    /// The letters that fold to the same as this one, itself first.
    static func variants(of codePoint: UInt32) -> [UInt32] {
        guard let scalar = Unicode.Scalar(codePoint) else { return [codePoint] }
        var found = [codePoint]
        for mapping in [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping] {
            let scalars = mapping.unicodeScalars
            if scalars.count == 1, let only = scalars.first, !found.contains(only.value) { found.append(only.value) }
        }
        switch codePoint {
        case 0x53, 0x73: found.append(0x17F)
        case 0x4B, 0x6B: found.append(0x212A)
        case 0x17F: found.append(0x73)
        case 0x212A: found.append(0x4B)
        default: break
        }
        return found
    }
}

/// `\p{Han}` as of Unicode 16.
enum HanScript {
    private static let ranges: [ClosedRange<UInt32>] = [
        0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029,
        0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0x16FE2...0x16FE3,
        0x16FF0...0x16FF1, 0x20000...0x2A6DF, 0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1,
        0x2CEB0...0x2EBE0, 0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x323AF,
    ]

    static func contains(_ codePoint: UInt32) -> Bool {
        codePoint >= 0x2E80 && ranges.contains { $0.contains(codePoint) }
    }
}

extension Unicode.GeneralCategory {
    /// The two-letter names of regular expressions, in the order of `index`.
    static let names = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm",
        "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]

    /// The bits of the categories that a name of one or two letters stands for; `nil` for one that is not known.
    static func mask(named name: String) -> UInt32? {
        let bits = names.indices.filter { names[$0] == name || names[$0].prefix(1) == name }
        return bits.isEmpty ? nil : bits.reduce(0) { $0 | 1 << UInt32($1) }
    }

    @inline(__always)
    fileprivate var index: UInt32 {
        switch self {
        case .uppercaseLetter: 0
        case .lowercaseLetter: 1
        case .titlecaseLetter: 2
        case .modifierLetter: 3
        case .otherLetter: 4
        case .nonspacingMark: 5
        case .spacingMark: 6
        case .enclosingMark: 7
        case .decimalNumber: 8
        case .letterNumber: 9
        case .otherNumber: 10
        case .connectorPunctuation: 11
        case .dashPunctuation: 12
        case .openPunctuation: 13
        case .closePunctuation: 14
        case .initialPunctuation: 15
        case .finalPunctuation: 16
        case .otherPunctuation: 17
        case .mathSymbol: 18
        case .currencySymbol: 19
        case .modifierSymbol: 20
        case .otherSymbol: 21
        case .spaceSeparator: 22
        case .lineSeparator: 23
        case .paragraphSeparator: 24
        case .control: 25
        case .format: 26
        case .surrogate: 27
        case .privateUse: 28
        case .unassigned: 29
        @unknown default: 29
        }
    }
}
