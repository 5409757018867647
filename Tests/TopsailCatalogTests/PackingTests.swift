import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Packing") struct PackingTests {
    /// Contexts of a sparse code: each token fires with the given chance.
    static func contexts(
        _ count: Int, length: Int, firing: Double, signed: Bool = false, seed: UInt64 = 1
    ) -> [NeuronContext] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { number in
            let activations = (0..<length).map { _ -> Float in
                guard Double.random(in: 0..<1, using: &random) < firing else { return 0 }
                return Float.random(in: signed ? -20...20 : 0.001...20, using: &random)
            }
            return NeuronContext(
                documentID: DocumentID(number * 977), start: number * 131, activations: activations, band: number % 4)
        }
    }

    static func roundTrip(_ contexts: [NeuronContext]) throws -> [NeuronContext] {
        let blob = try #require(ContextPacking.pack(contexts))
        return try #require(ContextPacking.unpack(blob))
    }

    @Test(
        "contexts come back within half a step of the largest activation", arguments: [0, 0.02, 0.1, 0.5, 1],
        [false, true])
    func contextRoundTrip(firing: Double, signed: Bool) throws {
        let contexts = Self.contexts(10, length: 64, firing: firing, signed: signed)
        let read = try Self.roundTrip(contexts)
        #expect(read.map(\.documentID) == contexts.map(\.documentID))
        #expect(read.map(\.start) == contexts.map(\.start))
        #expect(read.map(\.band) == contexts.map(\.band))
        let largest = contexts.flatMap(\.activations).map(abs).max() ?? 0
        // Half a step, but a full one where a tiny activation was lifted off zero.
        let step = largest / (signed ? 127 : 255)
        for (old, new) in zip(contexts.flatMap(\.activations), read.flatMap(\.activations)) {
            #expect(abs(old - new) <= (abs(old) < step / 2 ? step : step * 0.501))
            #expect((old == 0) == (new == 0))
            #expect(old.sign == new.sign || old == 0)
        }
        #expect(read.flatMap(\.activations).map(abs).max() ?? 0 == largest)
    }

    static func size(firing: Double) throws -> Int {
        try #require(ContextPacking.pack(contexts(10, length: 64, firing: firing))).count
    }

    @Test("ten contexts of 64 tokens stay far below 4 KB, and a few hundred bytes when the code is sparse")
    func contextBudget() throws {
        #expect(try Self.size(firing: 1) <= 1100)
        #expect(try Self.size(firing: 0.5) <= 1100)
        #expect(try Self.size(firing: 0.1) <= 350)
    }

    @Test("activations at the ends of Float's range survive", arguments: [Float.leastNonzeroMagnitude, 1e-30, 3e38])
    func extremeScales(value: Float) throws {
        let context = NeuronContext(documentID: 1, start: 0, activations: [0, value, 0])
        let read = try Self.roundTrip([context])
        #expect(read[0].activations == [0, value, 0])
    }

    @Test("what is not a number or not a place is not packed")
    func unpackable() {
        #expect(ContextPacking.pack([NeuronContext(documentID: 1, start: 0, activations: [.nan])]) == nil)
        #expect(ContextPacking.pack([NeuronContext(documentID: 1, start: 0, activations: [.infinity])]) == nil)
        #expect(ContextPacking.pack([NeuronContext(documentID: 1, start: -1, activations: [1])]) == nil)
        #expect(ContextPacking.pack([NeuronContext(documentID: -1, start: 0, activations: [1])]) == nil)
    }

    @Test("every shortened blob is refused")
    func truncatedContexts() throws {
        let blob = try #require(ContextPacking.pack(Self.contexts(3, length: 20, firing: 0.3)))
        for length in 0..<blob.count { #expect(ContextPacking.unpack(blob.prefix(length)) == nil) }
        #expect(ContextPacking.unpack(blob + [0]) == nil)
    }

    @Test("random and altered blobs neither crash nor ask for much memory")
    func hostileContexts() throws {
        var random = SeededGenerator(seed: 7)
        let good = [UInt8](try #require(ContextPacking.pack(Self.contexts(4, length: 32, firing: 0.2))))
        var longest = 0
        for round in 0..<20_000 {
            var bytes = good
            if round % 2 == 0 {
                for _ in 0..<3 {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
            } else {
                bytes = [1, 0, 0, 0, 128, 63] + (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
            }
            let read = ContextPacking.unpack(Data(bytes)) ?? []
            longest = max(longest, read.map(\.activations.count).max() ?? 0)
        }
        #expect(longest <= ContextPacking.maxLength)
    }

    @Test(
        "tokens come back, two bytes each when they fit",
        arguments: [[], [0], [65_535, 1], [65_536, 7], [TokenID.max]])
    func tokenRoundTrip(tokens: [TokenID]) throws {
        let blob = try #require(TokenPacking.pack(tokens))
        #expect(TokenPacking.unpack(blob) == tokens)
        #expect(blob.count == 1 + tokens.count * (tokens.contains { $0 > 65_535 } ? 4 : 2))
    }

    @Test("a stretch is cut out of the middle, and never beyond the end")
    func tokenRange() throws {
        let blob = try #require(TokenPacking.pack([10, 11, 12, 13]))
        #expect(TokenPacking.unpack(blob, in: 1..<3) == [11, 12])
        #expect(TokenPacking.unpack(blob, in: 2..<5) == nil)
        #expect(TokenPacking.unpack(blob.dropLast()) == nil)
        #expect(TokenPacking.unpack(Data([3, 0, 0, 0])) == nil)
        #expect(TokenPacking.unpack(Data()) == nil)
        #expect(TokenPacking.pack([-1]) == nil)
    }
}
