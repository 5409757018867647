import GRDB
import TopsailCore

/// A filter as SQL: which table to walk, and what must hold.
///
/// Pages of a category walk `neuron_category`, everything else walks `neuron`; both have an index for each order, which
/// ends in the neuron's row id, so that a page is read off without sorting.
struct NeuronQuery {
    /// Whether the walk is over `neuron_category` (as `c`) rather than `neuron` (as `n`).
    private let isByCategory: Bool
    private var conditions: [SQL] = []
    /// The SAEs whose neurons may match, in the order of `SAEDirectory`.
    private(set) var saes: [SAEDirectory.Entry]
    /// Whether `saes` are all there are, so that nothing has to be checked.
    private let isEverySAE: Bool
    /// Whether a condition names the neurons that can match, usually few. Then those are looked up and sorted, rather
    /// than everything being walked in order until a page is full.
    private var namesNeurons = false
    /// No neuron can match.
    private(set) var isEmpty = false

    init(_ db: Database, _ filter: NeuronFilter, _ directory: SAEDirectory) throws {
        saes = directory.entries
        if let name = filter.sae { saes = [try directory.entry(named: name)] }
        if let layer = filter.layer { saes.removeAll { $0.record.layer != layer } }
        isEverySAE = saes.count == directory.entries.count
        isEmpty = saes.isEmpty
        if case .slug = filter.category { isByCategory = true } else { isByCategory = false }
        try addCategory(db, filter)
        try addPeople(db, filter)
        addSearch(filter.search)
        addFigures(filter)
    }

    // MARK: Conditions

    private mutating func addCategory(_ db: Database, _ filter: NeuronFilter) throws {
        let bit = filter.taggedBy?.bit
        switch filter.category {
        case .all: break
        case .slug(let slug):
            conditions.append("c.category_id = \(try CategoryTable(db).id(of: slug))")
            if let bit { conditions.append("c.sources & \(bit) <> 0") }
            return
        case .untagged: conditions.append("n.tag_sources = 0")
        case .mine: addNeuronsTaggedByHuman()
        }
        if filter.taggedBy == .human {
            addNeuronsTaggedByHuman()
        } else if let bit {
            conditions.append("n.tag_sources & \(bit) <> 0")
        }
    }

    private mutating func addNeuronsTaggedByHuman() {
        add(named: "n.id IN (SELECT neuron_id FROM human_tag WHERE stance = 'added')")
    }

    /// Adds a condition that lists neurons.
    private mutating func add(named condition: SQL) {
        conditions.append(condition)
        namesNeurons = true
    }

    private mutating func addPeople(_ db: Database, _ filter: NeuronFilter) throws {
        if let name = filter.list {
            let list = try ListTable(db).id(of: name)
            add(named: "n.id IN (SELECT neuron_id FROM list_member WHERE list_id = \(list))")
        }
        if let hasNote = filter.hasNote {
            let has: SQL = "n.id IN (SELECT neuron_id FROM human_note)"
            if hasNote { add(named: has) } else { conditions.append("NOT \(has)") }
        }
    }

    private mutating func addSearch(_ text: String?) {
        switch SearchExpression.parse(text ?? "") {
        case .everything: break
        case .nothing: isEmpty = true
        case .fts5(let pattern):
            add(named: "n.id IN (SELECT rowid FROM neuron_search WHERE neuron_search MATCH \(pattern))")
        }
    }

    private mutating func addFigures(_ filter: NeuronFilter) {
        if let hasExplanation = filter.hasExplanation {
            conditions.append(hasExplanation ? "n.explanation_source IS NOT NULL" : "n.explanation_source IS NULL")
        }
        if let density = filter.density {
            conditions.append("n.density BETWEEN \(density.lowerBound) AND \(density.upperBound)")
        }
        if let range = filter.maxActivation {
            conditions.append("n.max_activation BETWEEN \(Double(range.lowerBound)) AND \(Double(range.upperBound))")
        }
        if let score = filter.minimumScore { conditions.append("n.correlation_score >= \(score)") }
    }

    // MARK: Fetching

    func count(_ db: Database) throws -> Int {
        if isEmpty { return 0 }
        if conditions.isEmpty { return saes.reduce(0) { $0 + $1.record.neuronCount } }
        return try count(db, in: saes, isEverySAE: isEverySAE)
    }

    /// Row ids of one page.
    func page(_ db: Database, sort: NeuronSort, limit: Int, offset: Int) throws -> [NeuronKey] {
        if isEmpty || limit <= 0 { return [] }
        if sort.key == .id { return try pageByID(db, ascending: sort.ascending, limit: limit, offset: offset) }
        let request = SQLRequest<Int64>(literal: pageSQL(sort: sort, limit: limit, offset: offset))
        return try request.fetchAll(db).map(NeuronKey.init(rowID:))
    }

    /// A page in the order of a figure.
    func pageSQL(sort: NeuronSort, limit: Int, offset: Int) -> SQL {
        let column: SQL =
            switch sort.key {
            case .score, .id: isByCategory ? "c.correlation_score" : "n.correlation_score"
            case .density: isByCategory ? "c.density" : "n.density"
            case .max: isByCategory ? "c.max_activation" : "n.max_activation"
            }
        // Equal values: by row id in the index' own direction. SQLite holds nulls for the smallest, so that only the
        // rising order has to send them to the end.
        // A unary plus keeps SQLite from using an index for the order.
        let key: SQL = namesNeurons && !isByCategory ? "+\(column)" : column
        let order: SQL = sort.ascending ? "\(key) ASC NULLS LAST, \(id) DESC" : "\(key) DESC, \(id) ASC"
        return """
            SELECT \(id) FROM \(tables) WHERE \(condition(saes, isEverySAE)) ORDER BY \(order) \
            LIMIT \(limit) OFFSET \(max(offset, 0))
            """
    }

    /// SAEs follow each other by layer and name, which row ids know nothing of: so one SAE after the other.
    private func pageByID(_ db: Database, ascending: Bool, limit: Int, offset: Int) throws -> [NeuronKey] {
        var keys: [NeuronKey] = []
        var offset = max(offset, 0)
        for sae in ascending ? saes : saes.reversed() {
            if offset > 0 {
                let matching = conditions.isEmpty ? sae.record.neuronCount : try count(db, in: [sae], isEverySAE: false)
                if matching <= offset {
                    offset -= matching
                    continue
                }
            }
            let order: SQL = ascending ? "\(id) ASC" : "\(id) DESC"
            let sql: SQL = """
                SELECT \(id) FROM \(tables) WHERE \(condition([sae], false)) ORDER BY \(order) \
                LIMIT \(limit - keys.count) OFFSET \(offset)
                """
            keys += try SQLRequest<Int64>(literal: sql).fetchAll(db).map(NeuronKey.init(rowID:))
            offset = 0
            if keys.count >= limit { break }
        }
        return keys
    }

    private func count(_ db: Database, in saes: [SAEDirectory.Entry], isEverySAE: Bool) throws -> Int {
        let sql: SQL = "SELECT count(*) FROM \(tables) WHERE \(condition(saes, isEverySAE))"
        return try SQLRequest<Int>(literal: sql).fetchOne(db) ?? 0
    }

    private var id: SQL { isByCategory ? "c.neuron_id" : "n.id" }

    /// The neuron itself is only joined where a condition asks for it.
    private var tables: SQL {
        guard isByCategory else { return "neuron n" }
        let needsNeuron = conditions.count > 1
        return needsNeuron ? "neuron_category c CROSS JOIN neuron n ON n.id = c.neuron_id" : "neuron_category c"
    }

    private func condition(_ saes: [SAEDirectory.Entry], _ isEverySAE: Bool) -> SQL {
        var all = conditions
        if !isEverySAE {
            let ranges = saes.map { sae -> SQL in
                let range = NeuronKey.range(ofSAE: sae.id)
                return "\(id) BETWEEN \(range.lowerBound) AND \(range.upperBound)"
            }
            all.append("(\(ranges.joined(separator: " OR ")))")
        }
        return all.isEmpty ? "TRUE" : all.joined(separator: " AND ")
    }
}
