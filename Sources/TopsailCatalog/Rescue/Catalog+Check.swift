import Foundation
import GRDB
import TopsailCore

extension Catalog {
    /// Reads everything and says what is broken, one sentence each; empty when all is well.
    public func check() throws(CatalogError) -> [String] {
        try read { db in try DamageSearch(db).run().map(\.description) }
    }

    /// Reads everything in the file at `path` and says what is broken, also where it is too broken to be opened.
    ///
    /// - Throws: When the file is no catalog, is newer than this program, or cannot be read at all.
    public static func damage(at path: String) throws(CatalogError) -> [CatalogDamage] {
        var found: [CatalogDamage] = []
        do {
            try CatalogFile.inspect(path, mustExist: true)
        } catch {
            switch error.reason {
            case .damaged(_, let what): found.append(CatalogDamage(what))
            case .notACatalog where FirstPage.isLost(at: path):
                return [CatalogDamage("the first page is damaged, so that SQLite cannot open the file", page: 1)]
            default: throw error
            }
        }
        let file: DamagedFile
        do {
            file = try DamagedFile(reading: path)
        } catch {
            return found + [CatalogDamage("SQLite cannot open it: \(error.sqliteSentence)")]
        }
        return found + (try file.read { db in try DamageSearch(db).run() })
    }
}

/// Looks through one file: first its pages, then its rows, then whether they fit together.
struct DamageSearch {
    let db: Database

    init(_ db: Database) { self.db = db }

    func run() throws -> [CatalogDamage] {
        var damage = try IntegrityReport(db).damage
        if !damage.isEmpty { damage += try lostRows() }
        do {
            damage += try ConsistencyCheck(db).run()
        } catch let error as DatabaseError {
            // An older schema lacks tables; damaged pages were told already.
            if damage.isEmpty && error.resultCode != .SQLITE_ERROR { throw error }
        } catch let error where !damage.isEmpty && !(error is CancellationError) {
            // Rows of a damaged file may hold anything.
        }
        return damage
    }

    /// Which rows the damaged pages take with them.
    private func lostRows() throws -> [CatalogDamage] {
        let names = LostNames(db)
        guard let ranges = try? NeuronRanges(db) else { return [] }
        var damage: [CatalogDamage] = []
        for table in CatalogTable.all {
            guard (try? db.tableExists(table.name)) == true else { continue }
            for range in ranges.ranges(of: table) {
                let columns = (try? db.columns(in: table.name).map(\.name)) ?? []
                let lost = (try? TableScan(db, table, columns: columns).rows(in: range) { _ in }) ?? []
                damage += lost.map { lost in
                    let place = names.describe(lost, of: table)
                    return CatalogDamage(
                        "\(table.name): \(place.words) cannot be read", table: table.name, sae: place.sae,
                        neuron: place.first)
                }
            }
        }
        return damage
    }
}

/// Puts ranges of keys into words.
struct LostNames {
    private let directory: SAEDirectory?

    init(_ db: Database) { directory = try? SAEDirectory(db) }

    func describe(
        _ range: ClosedRange<Int64>, of table: CatalogTable
    ) -> (words: String, sae: String?, first: NeuronID?) {
        guard case .neuron = table.key else {
            let isOpen = range.upperBound >= 1 << 40
            let words = isOpen ? "rows from \(range.lowerBound)" : "rows \(range.lowerBound) to \(range.upperBound)"
            return (range.count == 1 ? "row \(range.lowerBound)" : words, nil, nil)
        }
        let (low, high) = (NeuronKey(rowID: range.lowerBound), NeuronKey(rowID: range.upperBound))
        let names = [low, high].map { key in
            directory?.name(of: key) ?? .named(sae: "#\(key.sae)", index: key.index)
        }
        let words = low == high ? "neuron \(names[0])" : "neurons \(names[0]) to \(names[1])"
        return (words, directory?[low.sae]?.record.name, names[0])
    }
}

extension CatalogError {
    /// What SQLite said, without the path.
    var sqliteSentence: String {
        switch reason {
        case .damaged(_, let what): what
        case .cannotOpen(_, let why): why
        case .database(_, let message): message
        case .inputOutput(_, let what): "the file cannot be \(what)"
        default: description
        }
    }
}
