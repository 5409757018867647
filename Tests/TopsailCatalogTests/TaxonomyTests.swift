import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Taxonomy") struct TaxonomyTests {
    @Test(
        "a taxonomy that cannot be used says where",
        arguments: [
            ("[]", "top level"), ("{\"version\": 1, \"name\": \"x\"}", "domains"), ("{", "not JSON"),
            (#"[{"id":"a","label":"A","concepts":[{"id":"a.b"}]}]"#, "label"),
            (#"[{"id":"A b","label":"A","concepts":[]}]"#, "A b"),
            (#"[{"id":"a","label":"A","concepts":[{"id":"a","label":""}]}]"#, "twice"),
        ])
    func badTaxonomies(json: String, mention: String) throws {
        let json = json.hasPrefix("[{") ? #"{"version":1,"name":"x","domains":\#(json)}"# : json
        do {
            _ = try Taxonomy.decode(Data(json.utf8), path: "here.json")
            Issue.record("accepted \(json)")
        } catch {
            #expect(error.description.contains("here.json") && error.description.contains(mention), "\(error)")
        }
    }

    @Test("installing again changes words and order and keeps tags")
    func reinstall() throws {
        let catalog = try SampleCatalog().catalog
        try catalog.addTag("violence.threat", to: .sample(1))
        try catalog.addTag("privacy.doxxing", to: .sample(2))
        var taxonomy = try SampleCatalog.taxonomy()
        taxonomy.domains[0].concepts[0].label = "Menace"
        taxonomy.domains[0].concepts.remove(at: 1)
        taxonomy.domains.swapAt(0, 1)
        taxonomy.domains[0].concepts = []
        try catalog.install(taxonomy)

        let tree = try catalog.categories()
        // violence.injury had no neuron and is gone; privacy.doxxing has one and stays.
        #expect(tree.flattened.map(\.slug) == ["privacy", "privacy.doxxing", "violence", "violence.threat"])
        #expect(tree["violence.threat"]?.label == "Menace")
        #expect(tree["violence"]?.total == 1)
        #expect(try catalog.neurons(matching: NeuronFilter(search: "menace")).map(\.index) == [1])
        #expect(try catalog.neurons(matching: NeuronFilter(search: "threat")).map(\.index) == [1])
        #expect(try catalog.neuron(.sample(2)).row.tags == ["privacy.doxxing"])
        #expect(try catalog.check() == [])
    }

    @Test("a concept that moves takes its neurons to the other domain")
    func moves() throws {
        let catalog = try SampleCatalog().catalog
        try catalog.addTag("violence.threat", to: .sample(1))
        var taxonomy = try SampleCatalog.taxonomy()
        taxonomy.domains[1].concepts.append(taxonomy.domains[0].concepts.remove(at: 0))
        try catalog.install(taxonomy)
        let tree = try catalog.categories()
        #expect(tree["violence"]?.total == 0)
        #expect(tree["privacy"]?.total == 1)
    }
}
