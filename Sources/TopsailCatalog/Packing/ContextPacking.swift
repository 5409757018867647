import Foundation

/// A neuron's contexts in one blob.
///
/// Activations are bytes relative to the largest magnitude among the neuron's contexts; most tokens of a sparse code
/// are zero, so runs of zeros are collapsed. Ten contexts of 64 tokens take 100 to 300 bytes when a tenth of the tokens
/// fire, and at most 1.1 KB whatever the activations are.
///
///     byte    version, 1
///     byte    1 when activations are signed
///     f32     scale: the largest magnitude
///     varint  number of contexts, then for each:
///         varint  document, start, band, length
///         runs until `length` tokens are told: varint zeros, varint non-zeros, one byte for each non-zero
package enum ContextPacking {
    private static let version: UInt8 = 1

    /// - Returns: `nil` for activations that are not finite, or for negative positions.
    package static func pack(_ contexts: [NeuronContext]) -> Data? {
        var scale: Float = 0
        var signed = false
        for context in contexts {
            guard context.documentID >= 0, context.start >= 0, context.band >= 0 else { return nil }
            for value in context.activations {
                guard value.isFinite else { return nil }
                scale = max(scale, abs(value))
                signed = signed || value < 0
            }
        }
        var writer = ByteWriter()
        writer.byte(version)
        writer.byte(signed ? 1 : 0)
        writer.float(scale)
        writer.count(contexts.count)
        let quantiser = Quantiser(scale: scale, signed: signed)
        for context in contexts {
            writer.varint(UInt64(context.documentID))
            writer.count(context.start)
            writer.count(context.band)
            writer.count(context.activations.count)
            packRuns(context.activations, with: quantiser, into: &writer)
        }
        return writer.data
    }

    package static func unpack(_ data: Data) -> [NeuronContext]? { try? read(data) }

    private static func packRuns(_ activations: [Float], with quantiser: Quantiser, into writer: inout ByteWriter) {
        var position = 0
        while position < activations.count {
            let firing = activations[position...].firstIndex { $0 != 0 } ?? activations.count
            let end = activations[firing...].firstIndex { $0 == 0 } ?? activations.count
            writer.count(firing - position)
            writer.count(end - firing)
            writer.append(activations[firing..<end].lazy.map(quantiser.byte))
            position = end
        }
    }

    private static func read(_ data: Data) throws(PackingError) -> [NeuronContext] {
        var reader = ByteReader(data)
        guard try reader.byte() == version else { throw PackingError() }
        let signed = try reader.byte() == 1
        let scale = try reader.float()
        guard scale.isFinite, scale >= 0 else { throw PackingError() }
        let quantiser = Quantiser(scale: scale, signed: signed)
        var contexts: [NeuronContext] = []
        for _ in 0..<(try reader.count(bytesEach: 4)) {
            let document = try reader.int()
            let start = try reader.int()
            let band = try reader.int()
            let length = try reader.int()
            // A run of zeros is two bytes whatever it promises; without a limit a small blob could ask for the moon.
            guard length <= maxLength else { throw PackingError() }
            let activations = try readRuns(length: length, with: quantiser, from: &reader)
            contexts.append(
                NeuronContext(documentID: DocumentID(document), start: start, activations: activations, band: band))
        }
        guard reader.isAtEnd else { throw PackingError() }
        return contexts
    }

    /// Longest context that is stored, in tokens.
    package static let maxLength = 1 << 16

    private static func readRuns(
        length: Int, with quantiser: Quantiser, from reader: inout ByteReader
    ) throws(PackingError) -> [Float] {
        var activations: [Float] = []
        activations.reserveCapacity(length)
        while activations.count < length {
            let zeros = try reader.int()
            let firing = try reader.int()
            guard zeros + firing > 0, zeros + firing <= length - activations.count else { throw PackingError() }
            activations.append(contentsOf: repeatElement(0, count: zeros))
            for byte in try reader.take(firing) { activations.append(quantiser.value(byte)) }
        }
        return activations
    }
}

/// Bytes for activations: 255 steps up to the scale, or 127 in either direction.
private struct Quantiser {
    let scale: Float
    let signed: Bool
    private var steps: Float { signed ? 127 : 255 }

    init(scale: Float, signed: Bool) {
        self.scale = scale
        self.signed = signed
    }

    /// Never zero for an activation that is not: that the neuron fired is worth more than how little.
    func byte(_ value: Float) -> UInt8 {
        // Dividing first keeps scales near the ends of Float's range from overflowing.
        let step = Int((abs(value) / scale * steps).rounded())
        let magnitude = min(max(step, 1), Int(steps))
        return UInt8(bitPattern: Int8(truncatingIfNeeded: value < 0 ? -magnitude : magnitude))
    }

    func value(_ byte: UInt8) -> Float {
        let step = signed ? Float(Int8(bitPattern: byte)) : Float(byte)
        return step / steps * scale
    }
}
