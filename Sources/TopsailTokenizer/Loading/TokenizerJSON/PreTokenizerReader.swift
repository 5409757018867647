/// Reads the `pre_tokenizer` of a `tokenizer.json`.
struct PreTokenizerReader: TokenizerFileReader {
    let path: String

    func read(_ node: JSONNode?) throws(TokenizerError) -> PreTokenizer {
        PreTokenizer(try steps(node, place: "pre_tokenizer"))
    }

    private func steps(_ node: JSONNode?, place: String) throws(TokenizerError) -> [PreTokenizer.Step] {
        guard let node, !node.isNull else { return [] }
        switch try type(of: node, place) {
        case "Sequence":
            var steps: [PreTokenizer.Step] = []
            for (index, part) in try elements(node, "pretokenizers", place).enumerated() {
                steps += try self.steps(part, place: "\(place).pretokenizers[\(index)]")
            }
            return steps
        case "ByteLevel":
            return [
                .byteLevel(
                    addsPrefixSpace: try flag(node, "add_prefix_space", place, default: true),
                    splits: try flag(node, "use_regex", place, default: true))
            ]
        case "Split":
            let isInverted = try flag(node, "invert", place, default: false)
            return [.split(Splitting(try splitPattern(node, place), try behavior(node, place), isInverted: isInverted))]
        case "Digits":
            let isIndividual = try flag(node, "individual_digits", place, default: false)
            return [.split(Splitting(.each(.numeric), isIndividual ? .isolated : .contiguous))]
        case "Punctuation":
            let behavior = node["behavior"] == nil ? .isolated : try behavior(node, place)
            return [.split(Splitting(.each(.punctuation), behavior))]
        case "Metaspace": return [.metaspace(try metaspace(node, place))]
        case "Whitespace": return [.split(Splitting(.words, .removed, isInverted: true))]
        case "WhitespaceSplit": return [.split(Splitting(.each(.whitespace), .removed))]
        case "BertPreTokenizer":
            return [
                .split(Splitting(.each(.whitespace), .removed)), .split(Splitting(.each(.punctuation), .isolated)),
            ]
        case "CharDelimiterSplit":
            let delimiter = try scalar(node, "delimiter", place)
            return [.split(Splitting(.each(.only(delimiter.value)), .removed))]
        case let name: throw unsupported(place, name)
        }
    }

    private func splitPattern(_ node: JSONNode, _ place: String) throws(TokenizerError) -> Splitting.Pattern {
        if let expression = node["pattern"]?["Regex"]?.string, let known = KnownExpressions.pattern(expression) {
            return known
        }
        return .text(try pattern(of: node, place))
    }

    private func behavior(_ node: JSONNode, _ place: String) throws(TokenizerError) -> Splitting.Behavior {
        switch try string(node, "behavior", place) {
        case "Isolated": return .isolated
        case "Removed": return .removed
        case "MergedWithPrevious": return .mergedWithPrevious
        case "MergedWithNext": return .mergedWithNext
        case "Contiguous": return .contiguous
        case let name: throw unsupported("\(place).behavior", name)
        }
    }

    private func metaspace(_ node: JSONNode, _ place: String) throws(TokenizerError) -> Metaspace {
        var metaspace = Metaspace()
        (metaspace.mark, metaspace.prepending) = try MetaspaceReader(path: path).read(node, place)
        metaspace.splits = try flag(node, "split", place, default: true)
        return metaspace
    }
}

/// What the pre-tokenizer and the decoder of that name have in common.
struct MetaspaceReader: TokenizerFileReader {
    let path: String

    func read(_ node: JSONNode, _ place: String) throws(TokenizerError) -> ([UInt8], Metaspace.Prepending) {
        let mark = try scalar(node, "replacement", place)
        return (Array(String(mark).utf8), try prepending(node, place))
    }

    private func prepending(_ node: JSONNode, _ place: String) throws(TokenizerError) -> Metaspace.Prepending {
        // Older files say the same by a flag.
        let addsSpace = try flag(node, "add_prefix_space", place, default: true)
        guard let scheme = node["prepend_scheme"], !scheme.isNull else { return addsSpace ? .always : .never }
        switch scheme.string {
        case "always": return addsSpace ? .always : .never
        case "first": return addsSpace ? .first : .never
        case "never": return .never
        case let name: throw unsupported("\(place).prepend_scheme", name ?? "that is no text")
        }
    }
}
