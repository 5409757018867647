import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Exports for people") struct ExportPageTests {
    private func place() throws -> InterchangeFolder {
        let place = try InterchangeFolder()
        try place.bring(
            .jsonl,
            #"{"neuron":"14_3","explanation":"a <b> & *c* | \"d\"\u001b","score":0.5,"tags":["violence"],"max":2,"contexts":[{"tokens":["x"," <y>"],"activations":[0,2]}],"top_logits":[{"token":"<z>","value":1}],"histogram":{"lowest":0.5,"ratio":2,"counts":[4,1]}}"#
        )
        return place
    }

    @Test("a page is one file in which nothing from outside is markup")
    func html() throws {
        let page = try place().export(.html)
        #expect(page.contains("a &lt;b&gt; &amp; *c* | &quot;d&quot;␛"))
        #expect(page.contains("<span class=\"a\" style=\"--a:100%\" title=\"2.0\"> &lt;y&gt;</span>"))
        #expect(page.contains("<span class=\"chip\" title=\"1.0\">&lt;z&gt;</span>"))
        #expect(page.contains("<span class=\"tag\">violence</span>"))
        #expect(page.contains("<svg"))
        #expect(!page.contains("<script") && !page.contains("http"))
        #expect(page.hasSuffix("</html>\n"))
    }

    @Test("Markdown shows words as they are")
    func markdown() throws {
        let page = try place().export(.markdown)
        #expect(page.contains(#"a &lt;b> &amp; \*c\* \| "d"␛"#))
        #expect(page.contains("- 2.00: x **&lt;y>**"))
    }

    @Test("a file that is there stays, unless it may be replaced; a failed export leaves nothing")
    func replacing() throws {
        let place = try place()
        let path = try place.folder.file("there.csv", Data("mine".utf8))
        #expect(throws: InterchangeError.self) { try place.catalog.export(.csv, .matching(NeuronFilter()), to: path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        #expect(try place.catalog.export(.csv, .matching(NeuronFilter()), to: path, force: true) == 1)
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("neuron,sae,index,layer,explanation,"))
        let other = place.folder.path("other.csv")
        struct Stop: Error {}
        #expect(throws: (any Error).self) {
            try place.catalog.export(.csv, .matching(NeuronFilter(sae: "none")), to: other)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: place.folder.url.path)
        #expect(!names.contains { $0.contains("partial") || $0 == "other.csv" })
    }
}
