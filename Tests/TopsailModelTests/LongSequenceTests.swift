import Testing
import TopsailCore
import TopsailModel
import TopsailTestSupport

/// Rotary scalings that look at the length of a sequence, and sessions that grow, shrink and keep prefixes.
@Suite("Sequences past the original context") struct LongSequenceTests {
    static let scalings: [[String: any Sendable]] = [
        [
            "rope_type": "longrope", "original_max_position_embeddings": 8, "short_factor": [1, 1.5],
            "long_factor": [3, 7],
        ],
        ["rope_type": "dynamic", "factor": 4],
    ]
    let folder: TemporaryFolder
    let text: [TokenID] = (0..<30).map { TokenID(($0 * 5 + 3) % 16) }

    init() throws { folder = try TemporaryFolder() }

    private func model(_ scaling: [String: any Sendable]) throws -> LanguageModel {
        var small = SmallModel()
        small.settings["rope_scaling"] = scaling
        // Dynamic scaling begins at the context's end.
        if scaling["factor"] != nil { small.settings["max_position_embeddings"] = 8 }
        try small.write(to: folder)
        return try LanguageModel.open(path: folder.url.path)
    }

    private func fresh(_ model: LanguageModel, _ length: Int) throws -> [Float] {
        try ModelSession(model, precision: .exact).read(Array(text[..<length]), logits: .last).takeLogits().elements()
    }

    @Test("a prefix that was read as part of a shorter or longer text is read again", arguments: scalings)
    func prefixes(scaling: [String: any Sendable]) throws {
        let model = try model(scaling)
        let session = ModelSession(model, precision: .exact)
        for length in [5, 6, 12, 20, 7, 30, 29] {
            let logits = try session.read(Array(text[..<length]), logits: .last).takeLogits().elements()
            let expected = try fresh(model, length)
            #expect(zip(logits, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(length) tokens")
        }
    }

    @Test("a text that grows token by token turns to the long factors as a whole") func growing() throws {
        let model = try model(Self.scalings[0])
        let session = ModelSession(model, precision: .exact)
        for length in 1...16 {
            let logits = try session.append([[text[length - 1]]], slots: [0], logits: .last).elements()
            let expected = try fresh(model, length)
            #expect(zip(logits, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(length) tokens")
        }
    }

    @Test("dynamic scaling reads as far as its factor says") func reach() throws {
        let model = try model(Self.scalings[1])
        #expect(ModelSession(model, precision: .exact).capacity == 32)
    }
}
