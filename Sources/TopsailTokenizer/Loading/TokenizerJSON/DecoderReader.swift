/// Reads the `decoder` of a `tokenizer.json`.
struct DecoderReader: TokenizerFileReader {
    let path: String

    func read(_ node: JSONNode?, place: String = "decoder") throws(TokenizerError) -> TokenDecoder {
        guard let node, !node.isNull else { return .joined }
        switch try type(of: node, place) {
        case "Sequence":
            var parts: [TokenDecoder] = []
            for (index, part) in try elements(node, "decoders", place).enumerated() {
                parts.append(try read(part, place: "\(place).decoders[\(index)]"))
            }
            return .sequence(parts)
        case "ByteLevel": return .byteLevel
        case "Replace":
            return .replace(try pattern(of: node, place), by: Array(try string(node, "content", place).utf8))
        case "ByteFallback": return .byteFallback
        case "Fuse": return .fuse
        case "Strip":
            let character = try scalar(node, "content", place)
            return .strip(
                character: Array(String(character).utf8), start: try count(node, "start", place),
                stop: try count(node, "stop", place))
        case "Metaspace":
            let (mark, prepending) = try MetaspaceReader(path: path).read(node, place)
            return .metaspace(mark: mark, dropsFirst: prepending != .never)
        case "BPEDecoder": return .wordSuffix(Array((node["suffix"]?.string ?? "</w>").utf8))
        case let name: throw unsupported(place, name)
        }
    }

    private func count(_ node: JSONNode, _ key: String, _ place: String) throws(TokenizerError) -> Int {
        guard let count = node[key]?.int, count >= 0 else { throw missing("\(place).\(key)") }
        return count
    }
}
