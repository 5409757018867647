import Testing
import TopsailPipeline

@Suite("Held-out prompts that are shipped") struct HeldOutTests {
    @Test("every domain has thirty harmful prompts and fifteen look-alikes or more, and each concept a harmful one")
    func counts() throws {
        let lines = try ShippedTexts.heldOut()
        for domain in try ShippedTexts.taxonomy().domains.map(\.id) {
            let own = lines.filter { $0.domain == domain }
            #expect(own.count { $0.kind == .harmful } >= 30, "\(domain)")
            #expect(own.count { $0.kind == .lookalike } >= 15, "\(domain)")
            #expect(own.contains { $0.kind == .sensitive }, "\(domain)")
        }
        #expect(lines.count { $0.kind == .everyday } >= 150)
        let harmful = Set(lines.filter { $0.kind == .harmful }.compactMap(\.concept))
        #expect(try harmful == ShippedTexts.concepts())
    }

    @Test("labels fit the kind of a prompt")
    func labels() throws {
        let concepts = try ShippedTexts.concepts()
        let domains = try Set(ShippedTexts.taxonomy().domains.map(\.id))
        for line in try ShippedTexts.heldOut() {
            switch line.kind {
            case .harmful, .sensitive:
                let concept = try #require(line.concept, "\(line.id)")
                #expect(concepts.contains(concept), "\(line.id)")
                #expect(line.domain.map { concept.hasPrefix($0 + ".") } == true, "\(line.id)")
            case .lookalike:
                #expect(line.concept == nil && line.domain.map(domains.contains) == true, "\(line.id)")
            case .everyday:
                #expect(line.concept == nil && line.domain == nil, "\(line.id)")
            }
        }
    }

    @Test("no id and no text stands twice")
    func distinct() throws {
        let lines = try ShippedTexts.heldOut()
        #expect(Set(lines.map(\.id)).count == lines.count)
        #expect(Set(lines.map { WordSplitter.words(of: $0.text) }).count == lines.count)
    }

    @Test("no run of five words stands in a contrast pair too")
    func apartFromPairs() throws {
        let known = try ShippedTexts.pairs().reduce(into: Set<ArraySlice<String>>()) {
            $0.formUnion(ShippedTexts.runs($1.present))
            $0.formUnion(ShippedTexts.runs($1.absent))
        }
        #expect(known.count > 10_000)
        for line in try ShippedTexts.heldOut() {
            let shared = ShippedTexts.runs(line.text).first { known.contains($0) }
            #expect(shared == nil, "\(line.id)")
        }
    }
}
