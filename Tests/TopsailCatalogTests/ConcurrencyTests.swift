import Foundation
import Synchronization
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Two at once") struct ConcurrencyTests {
    @Test("readers see a SAE's neurons before or after deriving, never in between, and are not kept waiting")
    func readWhileWriting() throws {
        let sample = try SampleCatalog(width: 400)
        let reader = try sample.reopened(.readOnly)
        func derive(_ generation: Int) throws {
            try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
                for start in stride(from: 0, to: 400, by: 50) {
                    try writer.add(
                        (start..<start + 50).map { index in
                            DerivedNeuron(
                                index: index, statistics: NeuronStatistics(density: Double(generation)),
                                explanations: [NeuronExplanation(source: "tokens", text: "generation \(generation)")])
                        })
                    // While the transaction is open, others read on.
                    let seen = Set(try reader.neurons().map(\.density))
                    if !(seen.count == 1 && seen.first != Double(generation)) { Issue.record("saw \(seen)") }
                }
            }
        }
        try sample.catalog.replaceDerived(sae: SampleCatalog.sae) { writer in
            try writer.add((0..<400).map { DerivedNeuron(index: $0, statistics: NeuronStatistics(density: 0)) })
        }
        for generation in 1...5 { try derive(generation) }
        #expect(Set(try reader.neurons().map(\.explanation)) == ["generation 5"])
    }

    @Test("two writers take turns and lose nothing")
    func twoWriters() throws {
        let sample = try SampleCatalog(width: 64)
        let catalogs = [sample.catalog, try sample.reopened()]
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 64) { number in
            do {
                try catalogs[number % 2].addTag("violence.threat", to: .sample(number))
                _ = try catalogs[(number + 1) % 2].neurons(
                    matching: NeuronFilter(category: .slug("violence")), limit: 5)
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try sample.catalog.count(matching: NeuronFilter(category: .mine)) == 64)
        #expect(try sample.catalog.log(limit: 1000).count == 64)
    }

    @Test("two programs may make the same catalog at the same moment")
    func openTogether() throws {
        for _ in 0..<10 {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("together-\(UUID().uuidString)")
                .path
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let failures = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 4) { _ in
                do {
                    let catalog = try Catalog(path: folder + "/catalog.sqlite")
                    _ = try catalog.categories()
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
        }
    }
}
