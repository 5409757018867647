import GRDB

/// What SQLite says about the pages of a file, with the names of the tables that they belong to.
struct IntegrityReport {
    private(set) var damage: [CatalogDamage] = []

    init(_ db: Database) throws {
        var owners: [Int: String] = [:]
        do {
            var tables: [String: String] = [:]
            for row in try Row.fetchAll(
                db, sql: "SELECT rootpage, tbl_name, name FROM sqlite_master WHERE rootpage > 0")
            {
                owners[row[0]] = row[1]
                tables[row[2]] = row[1]
            }
            // Other pages are known by their tables where SQLite was built with its table of pages.
            if let pages = try? Row.fetchAll(db, sql: "SELECT pageno, name FROM dbstat") {
                for row in pages { owners[row[0]] = tables[row[1]] ?? row[1] }
            }
        } catch let error as DatabaseError where TableScan.isDamage(error) {
            damage.append(CatalogDamage("the list of tables cannot be read: \(error.message ?? "")", page: 1))
            return
        }
        do {
            // One by one: where SQLite gives up, it has said something before.
            let rows = try String.fetchCursor(db, sql: "PRAGMA integrity_check(200)")
            while let row = try rows.next() {
                for line in row.split(separator: "\n") where !line.hasPrefix("***") && line != "ok" {
                    damage.append(Self.describe(String(line), owners))
                }
            }
        } catch let error as DatabaseError where TableScan.isDamage(error) {
            damage.append(CatalogDamage("SQLite cannot check the pages: \(error.message ?? "")"))
        }
    }

    /// `Tree 12 page 34 cell 5: …`, `On tree page 12 cell 5: …`, `Page 34 is never used`, `row 3 missing from index x`.
    private static func describe(_ line: String, _ owners: [Int: String]) -> CatalogDamage {
        let root = line.firstMatch(of: /[Tt]ree (?:page )?(\d+)/).flatMap { Int($0.1) }
        let pages = line.matches(of: /[Pp]age (\d+)/).compactMap { Int($0.1) }
        let table =
            root.flatMap { owners[$0] } ?? line.firstMatch(of: /\ in ([a-z_]+)\.[a-z_0-9]+/).map { String($0.1) }
            ?? pages.lazy.compactMap { owners[$0] }.first
        let page = line.firstMatch(of: /[Tt]ree \d+ page (\d+)/).flatMap { Int($0.1) } ?? pages.first ?? root
        let place = [page.map { "page \($0)" }, table].compactMap { $0 }.joined(separator: " of ")
        return CatalogDamage(place.isEmpty ? line : "\(place) is damaged: \(line)", table: table, page: page)
    }
}
