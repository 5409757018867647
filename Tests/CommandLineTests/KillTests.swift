import Foundation
import Testing
import TopsailCatalog
import TopsailTestSupport

/// Ends the program at random moments while it changes a catalog. `TOPSAIL_KILLS` sets how often (20), `TOPSAIL_KILL_SEED`
/// when.
@Suite("Being killed", .serialized) struct KillTests {
    private static let kills = ProcessInfo.processInfo.environment["TOPSAIL_KILLS"].flatMap(Int.init) ?? 20
    private static let seed = ProcessInfo.processInfo.environment["TOPSAIL_KILL_SEED"].flatMap(UInt64.init) ?? 1

    @Test("what was told as done is kept, nothing is left in half, and the catalog is whole after every kill")
    func kills() throws {
        let program = try Program()
        try FileManager.default.createDirectory(atPath: program.workspace, withIntermediateDirectories: true)
        let path = program.workspace + "/catalog.sqlite"
        try KillCatalog.make(at: path)
        let parts = program.folder.path("parts")
        try KillCatalog.makeParts(in: parts)
        var random = SeededGenerator(seed: Self.seed)
        var killed = 0
        var number = 0
        var tally: [String: [KillWorkload.Found: Int]] = [:]
        var kept: [(KillWorkload, Int)] = []
        while killed < Self.kills, number < Self.kills * 20 {
            number += 1
            let workload = KillWorkload.all.randomElement(using: &random)!
            let run = try program.start(workload.arguments(number, parts))
            // From the first instructions to a little after the end of an undisturbed run.
            Thread.sleep(forTimeInterval: Double.random(in: 0...workload.longest, using: &random))
            let wasRunning = run.process.isRunning
            kill(run.process.processIdentifier, SIGKILL)
            let result = try run.finish()
            let isDone = result.status == 0 || !result.output.isEmpty
            if wasRunning && result.status != 0 { killed += 1 }
            #expect(result.status == 0 || result.status == 128 + SIGKILL, "\(workload.name): \(result.errors)")

            let catalog = try Catalog(path: path)
            let found = try workload.found(catalog, number)
            tally[workload.name, default: [:]][found, default: 0] += 1
            #expect(found != .half, "\(workload.name) \(number) is there in half")
            if isDone { #expect(found == .everything, "\(workload.name) \(number) was told as done") }
            if found == .everything { kept.append((workload, number)) }
            #expect(try catalog.check() == [], "after \(workload.name) \(number)")
            #expect(try catalog.journalDisagreements() == [], "after \(workload.name) \(number)")
            // Now and then a step is taken back and made again, as a person would.
            if number % 10 == 0, try catalog.undo() != nil { try catalog.redo() }
        }
        let catalog = try Catalog(path: path)
        for (workload, number) in kept { #expect(try workload.found(catalog, number) == .everything) }
        let values = try catalog.derivedValues()
        try catalog.recombine()
        #expect(try catalog.derivedValues() == values)
        let runs = tally.map { "\($0.key): \($0.value[.everything] ?? 0) all, \($0.value[.nothing] ?? 0) none" }
            .sorted()
        print("\(killed) kills in \(number) runs; \(runs.joined(separator: "; "))")
        #expect(killed >= Self.kills)
    }

    @Test("undo that is killed has happened or not")
    func undo() throws {
        let program = try Program()
        try FileManager.default.createDirectory(atPath: program.workspace, withIntermediateDirectories: true)
        let path = program.workspace + "/catalog.sqlite"
        try KillCatalog.make(at: path)
        var random = SeededGenerator(seed: Self.seed)
        let neurons = (0..<500).map { "big/\($0)" }
        #expect(try program.run(["list", "add", "many"] + neurons).status == 0)
        for _ in 0..<max(5, Self.kills / 10) {
            let run = try program.start([Bool.random(using: &random) ? "undo" : "redo"])
            Thread.sleep(forTimeInterval: Double.random(in: 0...0.1, using: &random))
            kill(run.process.processIdentifier, SIGKILL)
            _ = try run.finish()
            let catalog = try Catalog(path: path)
            let count = try catalog.lists().first?.count ?? 0
            #expect(count == 0 || count == 500)
            #expect(try catalog.journalDisagreements() == [] && catalog.check() == [])
        }
    }
}
