import GRDB

/// Walks over a table of a damaged file, around the pages that cannot be read.
///
/// From either end of a range rows are read until a page fails. What lies between the two failures is halved and tried
/// again, so that a readable page between broken ones is found, down to single rows.
final class TableScan {
    private let db: Database
    private let table: CatalogTable
    private let columns: String
    /// Reads of damaged places that are still allowed: a large hole is given up rather than probed key by key.
    private var probes = 4_000

    init(_ db: Database, _ table: CatalogTable, columns: [String]) {
        self.db = db
        self.table = table
        self.columns = ([table.key.column] + columns).joined(separator: ", ")
    }

    /// Hands over every row that can be read: the key, then the columns. A row may come twice.
    ///
    /// - Returns: The keys whose rows may be lost; empty when the whole range was read.
    func rows(in range: ClosedRange<Int64>, _ body: (Row) throws -> Void) throws -> [ClosedRange<Int64>] {
        var lost: [ClosedRange<Int64>] = []
        try scan(range.lowerBound, range.upperBound, &lost, body)
        return lost.reduce(into: []) { joined, next in
            if let last = joined.last, next.lowerBound <= last.upperBound.advanced(by: 1) {
                joined[joined.count - 1] = last.lowerBound...max(last.upperBound, next.upperBound)
            } else {
                joined.append(next)
            }
        }
    }

    private func scan(
        _ low: Int64, _ high: Int64, _ lost: inout [ClosedRange<Int64>], _ body: (Row) throws -> Void
    ) throws {
        guard probes > 0 else { return lost.append(low...high) }
        let forward = try read(low, high, "ASC", body)
        if forward.isComplete { return }
        let backward = try read(forward.last ?? low, high, "DESC", body)
        // Where a key has several rows, the last one that was seen may lack some.
        let step: Int64 = table.repeatsKey ? 0 : 1
        let start = forward.last.map { $0 + step } ?? low
        let end = backward.last.map { $0 - step } ?? high
        if start > end { return }
        if start == end { return lost.append(start...end) }
        let middle = start + (end - start) / 2
        try scan(start, middle, &lost, body)
        try scan(middle + 1, end, &lost, body)
    }

    /// Reads in one direction until the end of the range or a page that fails.
    private func read(
        _ low: Int64, _ high: Int64, _ direction: String, _ body: (Row) throws -> Void
    ) throws -> (last: Int64?, isComplete: Bool) {
        probes -= 1
        let key = table.key.column
        let sql = """
            SELECT \(columns) FROM \(table.name) WHERE \(key) BETWEEN ? AND ? ORDER BY \(key) \(direction)
            """
        var last: Int64?
        var wanted: (any Error)?
        do {
            let rows = try Row.fetchCursor(db, sql: sql, arguments: [low, high])
            while let row = try rows.next() {
                guard let key = Int64.fromDatabaseValue(row[0]), (low...high).contains(key) else { continue }
                do { try body(row) } catch {
                    wanted = error
                    throw error
                }
                last = key
            }
            return (last, true)
        } catch let error as DatabaseError where wanted == nil && Self.isDamage(error) {
            return (last, false)
        }
    }

    static func isDamage(_ error: DatabaseError) -> Bool {
        switch error.resultCode {
        // A broken length may ask for more memory than there is.
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_IOERR, .SQLITE_FORMAT, .SQLITE_TOOBIG, .SQLITE_NOMEM: true
        default: false
        }
    }
}
