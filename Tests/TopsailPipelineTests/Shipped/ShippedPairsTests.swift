import Testing
import TopsailAnalysis
import TopsailPipeline

@Suite("Contrast pairs that are shipped") struct ShippedPairsTests {
    private func byConcept() throws -> [String: [PairLine]] {
        Dictionary(grouping: try ShippedTexts.pairs(), by: \.concept)
    }

    @Test("every concept has twenty pairs or more, the restricted one none")
    func counts() throws {
        let groups = try byConcept()
        #expect(try Set(groups.keys) == ShippedTexts.concepts())
        for (concept, pairs) in groups { #expect(pairs.count >= 20, "\(concept) has \(pairs.count) pairs") }
    }

    @Test("about half of a concept's pairs ask, the others tell")
    func forms() throws {
        for (concept, pairs) in try byConcept() {
            let share = Double(pairs.count { $0.form == .question }) / Double(pairs.count)
            #expect((0.4...0.6).contains(share), "\(concept): \(share) are questions or requests")
            for pair in pairs where pair.present.hasSuffix("?") {
                #expect(pair.form == .question, "\(pair.present)")
            }
        }
    }

    @Test("no text stands twice, be it present or absent")
    func distinct() throws {
        var seen: Set<String> = []
        for pair in try ShippedTexts.pairs() {
            for text in [pair.present, pair.absent] {
                #expect(seen.insert(WordSplitter.words(of: text).joined(separator: " ")).inserted, "\(text)")
            }
        }
    }

    @Test("the two texts of a pair share their frame and are of like length")
    func minimal() throws {
        for pair in try ShippedTexts.pairs() {
            #expect(pair.overlap >= 0.4, "\(pair.present) | \(pair.absent)")
            #expect(pair.lengthRatio >= 0.75, "\(pair.present) | \(pair.absent)")
        }
    }

    @Test("no word marks more than a third of a concept's pairs")
    func vocabulary() throws {
        for (concept, pairs) in try byConcept() {
            var uses: [String: Int] = [:]
            for word in pairs.flatMap(\.conceptWords) { uses[word, default: 0] += 1 }
            for (word, count) in uses {
                #expect(3 * count <= pairs.count, "\(concept): “\(word)” in \(count) of \(pairs.count) pairs")
            }
        }
    }

    @Test("the pipeline reads all of them")
    func reading() throws {
        let pairs = try ContrastPair.load(path: ShippedTexts.pairsPath)
        #expect(try pairs.map(\.present) == ShippedTexts.pairs().map(\.present))
    }
}
