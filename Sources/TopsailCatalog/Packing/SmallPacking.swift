import Foundation
import TopsailCore

// The smaller blobs of a neuron: histogram, logit effects and links. Each is a count and that many entries.

enum HistogramPacking {
    /// - Returns: `nil` when the bins are not geometric.
    static func pack(_ histogram: ActivationHistogram) -> Data? {
        guard histogram.isValid else { return nil }
        var writer = ByteWriter()
        writer.float(histogram.lowest)
        writer.float(histogram.ratio)
        writer.count(histogram.counts.count)
        for count in histogram.counts { writer.varint(count) }
        return writer.data
    }

    static func unpack(_ data: Data) -> ActivationHistogram? {
        var reader = ByteReader(data)
        guard let lowest = try? reader.float(), let ratio = try? reader.float(),
            let size = try? reader.count(bytesEach: 1)
        else { return nil }
        var counts: [UInt64] = []
        for _ in 0..<size {
            guard let count = try? reader.varint() else { return nil }
            counts.append(count)
        }
        let histogram = ActivationHistogram(lowest: lowest, ratio: ratio, counts: counts)
        return histogram.isValid && reader.isAtEnd ? histogram : nil
    }
}

/// Pairs of a whole number and a figure, as varint and f32.
enum PairPacking {
    /// - Returns: `nil` when a key is negative or a value not finite.
    static func pack(_ pairs: [(key: Int, value: Float)]) -> Data? {
        var writer = ByteWriter()
        writer.count(pairs.count)
        for (key, value) in pairs {
            guard key >= 0, value.isFinite else { return nil }
            writer.count(key)
            writer.float(value)
        }
        return writer.data
    }

    static func unpack(_ data: Data) -> [(key: Int, value: Float)]? {
        var reader = ByteReader(data)
        guard let size = try? reader.count(bytesEach: 5) else { return nil }
        var pairs: [(key: Int, value: Float)] = []
        for _ in 0..<size {
            guard let key = try? reader.int(), let value = try? reader.float(), value.isFinite else { return nil }
            pairs.append((key, value))
        }
        return reader.isAtEnd ? pairs : nil
    }

    static func pack(_ effects: [TokenEffect]) -> Data? {
        effects.contains { $0.text != nil } ? packTexts(effects) : pack(effects.map { (Int($0.token), $0.value) })
    }

    static func pack(_ links: [NeuronLink]) -> Data? { pack(links.map { ($0.index, $0.value) }) }

    static func tokenEffects(_ data: Data) -> [TokenEffect]? {
        if let effects = unpackTexts(data) { return effects }
        guard let pairs = unpack(data), pairs.allSatisfy({ $0.key <= TokenID.max }) else { return nil }
        return pairs.map { TokenEffect(token: TokenID($0.key), value: $0.value) }
    }

    static func links(_ data: Data) -> [NeuronLink]? {
        unpack(data)?.map { NeuronLink(index: $0.key, value: $0.value) }
    }
}

// MARK: Effects on tokens that are known as texts

extension PairPacking {
    /// What stands in place of the count: no blob of numbers begins with it.
    private static let textMark = UInt64.max

    /// The mark, a count, and for each effect a value (f32) and the text with its length.
    private static func packTexts(_ effects: [TokenEffect]) -> Data? {
        var writer = ByteWriter()
        writer.varint(textMark)
        writer.count(effects.count)
        for effect in effects {
            guard effect.value.isFinite, let text = effect.text else { return nil }
            writer.float(effect.value)
            writer.count(text.utf8.count)
            writer.append(text.utf8)
        }
        return writer.data
    }

    private static func unpackTexts(_ data: Data) -> [TokenEffect]? {
        var reader = ByteReader(data)
        guard (try? reader.varint()) == textMark, let size = try? reader.count(bytesEach: 5) else { return nil }
        var effects: [TokenEffect] = []
        for _ in 0..<size {
            guard let value = try? reader.float(), value.isFinite, let length = try? reader.int(),
                let bytes = try? reader.take(length)
            else { return nil }
            effects.append(TokenEffect(text: String(decoding: bytes, as: UTF8.self), value: value))
        }
        return reader.isAtEnd ? effects : nil
    }
}
