/// Reads the `normalizer` of a `tokenizer.json`.
struct NormalizerReader: TokenizerFileReader {
    let path: String

    func read(_ node: JSONNode?, place: String = "normalizer") throws(TokenizerError) -> Normalizer {
        guard let node, !node.isNull else { return .none }
        switch try type(of: node, place) {
        case "Sequence":
            var parts: [Normalizer] = []
            for (index, part) in try elements(node, "normalizers", place).enumerated() {
                parts.append(try read(part, place: "\(place).normalizers[\(index)]"))
            }
            return .sequence(parts)
        case "NFC": return .form(.nfc)
        case "NFD": return .form(.nfd)
        case "NFKC": return .form(.nfkc)
        case "NFKD": return .form(.nfkd)
        case "Lowercase": return .lowercase
        case "StripAccents": return .stripAccents
        case "Strip":
            return .strip(left: try flag(node, "strip_left", place), right: try flag(node, "strip_right", place))
        case "Replace":
            return .replace(try pattern(of: node, place), by: Array(try string(node, "content", place).utf8))
        case "Prepend": return .prepend(Array(try string(node, "prepend", place).utf8))
        case "ByteLevel": return .byteLevel
        case "Precompiled": return try readCharacterMap(node, place)
        case let name: throw unsupported(place, name)
        }
    }

    private func readCharacterMap(_ node: JSONNode, _ place: String) throws(TokenizerError) -> Normalizer {
        // SentencePiece's identity leaves the map empty.
        guard let text = node["precompiled_charsmap"], !text.isNull, text.string != "" else { return .none }
        guard let blob = text.string.flatMap(Base64.decoded), let map = CharacterMap(blob) else {
            throw bad("\(place).precompiled_charsmap", "is not a compiled character map in base 64")
        }
        return .characterMap(map)
    }
}
