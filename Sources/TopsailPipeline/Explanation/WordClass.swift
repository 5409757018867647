/// What different words have in common, where it can be seen from their letters.
enum WordClass: Hashable {
    case numbers, punctuation, capitals, names
    case ending(String)
    case beginning(String)

    /// The class that nearly all the words belong to; `nil` when there is none, or fewer than four words.
    init?(_ words: [String]) {
        guard Set(words).count >= 4 else { return nil }
        func most(_ condition: (String) -> Bool) -> Bool {
            Double(words.count(where: condition)) >= 0.8 * Double(words.count)
        }
        if most({ $0.contains(where: \.isNumber) && !$0.contains(where: \.isLetter) }) {
            self = .numbers
        } else if most({ !$0.contains { $0.isLetter || $0.isNumber } }) {
            self = .punctuation
        } else if most({ $0.count > 1 && $0.contains(where: \.isLetter) && $0 == $0.uppercased() }) {
            self = .capitals
        } else if let ending = Self.common(words.map { String($0.lowercased().reversed()) }) {
            self = .ending(String(ending.reversed()))
        } else if let beginning = Self.common(words.map { $0.lowercased() }) {
            self = .beginning(beginning)
        } else if most({ $0.first?.isUppercase == true }) {
            self = .names
        } else {
            return nil
        }
    }

    /// The longest beginning of at least three letters that 7 of 10 words share, all of them longer than it.
    private static func common(_ words: [String]) -> String? {
        for length in [5, 4, 3] {
            let beginnings = Dictionary(grouping: words.filter { $0.count > length }, by: { String($0.prefix(length)) })
            if let (text, group) = beginnings.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }),
                10 * group.count >= 7 * words.count, Set(group).count >= 4, text.allSatisfy(\.isLetter)
            {
                return text
            }
        }
        return nil
    }

    var label: String {
        switch self {
        case .numbers: "numbers"
        case .punctuation: "punctuation"
        case .capitals: "words in capitals"
        case .names: "capitalised words"
        case .ending(let text): "words in -\(text)"
        case .beginning(let text): "words in \(text)-"
        }
    }
}
