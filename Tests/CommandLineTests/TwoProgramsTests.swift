import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Two programs at once") struct TwoProgramsTests {
    @Test("programs that write the same catalog take turns, lose nothing, and a reader notices every change")
    func together() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let reader = try Catalog(path: program.workspace + "/catalog.sqlite", mode: .readOnly)
        var counter = try reader.version()
        #expect(try reader.version() == counter)
        for round in 0..<12 {
            let runs = try [
                program.start(["note", "3_\(round % 4)", "round \(round)"]),
                program.start(["rate", "3_\((round + 1) % 4)", "\(round % 5 + 1)"]),
                program.start(["list", "create", "list \(round)"]), program.start(["neurons", "--json"]),
            ]
            for run in runs {
                let result = try run.finish()
                #expect(result.status == 0, "\(result.errors)")
            }
            let now = try reader.version()
            #expect(now != counter)
            counter = now
            #expect(try reader.neuron(.layered(layer: 3, index: round % 4)).note == "round \(round)")
            #expect(try reader.neuron(.layered(layer: 3, index: (round + 1) % 4)).rating == round % 5 + 1)
            #expect(try reader.lists().count == round + 1)
        }
        #expect(try reader.log(limit: 1000).count == 36)
        #expect(try reader.check() == [])
    }

    @Test("a program's own changes are noticed as well")
    func ownChanges() throws {
        let program = try Program()
        try TinyCatalog.install(in: program)
        let catalog = try Catalog(path: program.workspace + "/catalog.sqlite")
        let before = try catalog.version()
        try catalog.setNote("mine", of: .layered(layer: 3, index: 0))
        #expect(try catalog.version() != before)
    }
}
