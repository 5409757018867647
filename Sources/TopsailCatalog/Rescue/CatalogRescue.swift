import Foundation
import GRDB

/// Saves what can be read of a damaged catalog into a new one.
struct CatalogRescue {
    private let source: Database
    private let target: Database
    private(set) var report = RescueReport()
    private let names: LostNames

    init(from source: Database, into target: Database) {
        self.source = source
        self.target = target
        names = LostNames(source)
    }

    /// Fills the new catalog. Derived values are left to `Combine`.
    mutating func run() throws {
        let damage = try IntegrityReport(source).damage
        let isDamaged = !damage.isEmpty
        let damagedTables = Set(damage.compactMap(\.table))
        let ranges = try NeuronRanges(source)
        for table in CatalogTable.all {
            report.tables.append(RescueReport.Table(name: table.name, isHuman: table.isHuman))
            guard (try? source.tableExists(table.name)) == true else {
                // An older version has fewer tables, but then nothing is damaged.
                if isDamaged { report.note("everything: it is not in the list of tables", in: table.name) }
                continue
            }
            try copy(table, ranges.ranges(of: table))
            if damagedTables.contains(table.name), report.tables.last?.lost.isEmpty == true {
                report.note("possibly rows that left no trace", in: table.name)
            }
        }
        try copyContextSearch()
        var repair = RescueRepair(source: source, target: target, report: report)
        try repair.run()
        report = repair.report
    }

    private mutating func copy(_ table: CatalogTable, _ ranges: [ClosedRange<Int64>]) throws {
        let known = Set(try target.columns(in: table.name).map(\.name))
        let columns = ((try? source.columns(in: table.name)) ?? []).map(\.name).filter(known.contains)
        guard !columns.isEmpty else { return report.note("everything", in: table.name) }
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let insert = try target.makeStatement(
            sql: "INSERT OR IGNORE INTO \(table.name)(\(columns.joined(separator: ", "))) VALUES (\(marks))")
        var broken = 0
        for range in ranges {
            let lost = try TableScan(source, table, columns: columns).rows(in: range) { row in
                do {
                    try insert.execute(arguments: StatementArguments(row.databaseValues.dropFirst()))
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                    broken += 1
                }
            }
            for lost in lost { report.note(names.describe(lost, of: table).words, in: table.name) }
        }
        if broken > 0 { report.note("\(broken) rows that held something else than they should", in: table.name) }
        let saved = try Int.fetchOne(target, sql: "SELECT count(*) FROM \(table.name)") ?? 0
        report.tables[report.tables.count - 1].saved = saved
    }

    /// Words of contexts are kept in the index itself. What cannot be read is left out: it is made again by collecting.
    private func copyContextSearch() throws {
        let table = CatalogTable(name: "context_search_content", key: .neuron("id"))
        guard (try? source.tableExists(table.name)) == true, try target.tableExists(table.name) else { return }
        let insert = try target.makeStatement(sql: "INSERT OR REPLACE INTO context_search(rowid, text) VALUES (?, ?)")
        for range in try NeuronRanges(source).ranges {
            _ = try? TableScan(source, table, columns: ["c0"]).rows(in: range) { row in
                try insert.execute(arguments: StatementArguments(Array(row.databaseValues)))
            }
        }
    }
}
