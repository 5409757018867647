import GRDB
import TopsailCore

/// A filter as SQL: which table to walk, and what must hold.
///
/// Pages of a category walk `neuron_category`, everything else walks `neuron`; both have an index for each order, which
/// ends in the neuron's row id, so that a page is read off without sorting.
struct NeuronQuery {
    /// Whether the walk is over `neuron_category` (as `c`) rather than `neuron` (as `n`).
    let isByCategory: Bool
    /// Row id of the category that is selected.
    private(set) var category: Int64?
    /// Conditions on who tagged a neuron; of a category's pages they are among the rest.
    private var tagConditions: [NeuronMembers.TagCondition] = []
    private var otherConditions: [SQL] = []
    /// The SAEs whose neurons may match, in the order of `SAEDirectory`.
    private(set) var saes: [SAEDirectory.Entry]
    /// Whether `saes` are all there are, so that nothing has to be checked.
    private let isEverySAE: Bool
    /// Whether a condition names the neurons that can match, usually few. Then those are looked up and sorted, rather
    /// than everything being walked in order until a page is full.
    private var namesNeurons = false
    /// No neuron can match.
    private(set) var isEmpty = false
    /// The words that are searched for.
    private(set) var search: NeuronSearch?

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
            let id = try CategoryTable(db).id(of: slug)
            category = id
            otherConditions.append("c.category_id = \(id)")
            if let bit { otherConditions.append("c.sources & \(bit) <> 0") }
            return
        case .untagged: tagConditions.append(.none)
        case .mine: addNeuronsTaggedByHuman()
        }
        if filter.taggedBy == .human {
            addNeuronsTaggedByHuman()
        } else if let bit {
            tagConditions.append(.any(ofBits: UInt8(bit)))
        }
    }

    private mutating func addNeuronsTaggedByHuman() {
        add(named: "n.id IN (SELECT neuron_id FROM human_tag WHERE stance = 'added')")
    }

    /// Adds a condition that lists neurons.
    private mutating func add(named condition: SQL) {
        otherConditions.append(condition)
        namesNeurons = true
    }

    private mutating func addPeople(_ db: Database, _ filter: NeuronFilter) throws {
        if let name = filter.list {
            let list = try ListTable(db).id(of: name)
            add(named: "n.id IN (SELECT neuron_id FROM list_member WHERE list_id = \(list))")
        }
        if let hasNote = filter.hasNote {
            let has: SQL = "n.id IN (SELECT neuron_id FROM human_note)"
            if hasNote { add(named: has) } else { otherConditions.append("NOT \(has)") }
        }
    }

    private mutating func addSearch(_ text: String?) {
        switch SearchExpression.parse(text ?? "") {
        case .everything: break
        case .nothing: isEmpty = true
        case .fts5(let pattern):
            search = NeuronSearch(pattern: pattern)
        }
    }

    private mutating func addFigures(_ filter: NeuronFilter) {
        if let hasExplanation = filter.hasExplanation {
            otherConditions.append(hasExplanation ? "n.explanation_source IS NOT NULL" : "n.explanation_source IS NULL")
        }
        if let density = filter.density {
            otherConditions.append("n.density BETWEEN \(density.lowerBound) AND \(density.upperBound)")
        }
        if let range = filter.maxActivation {
            otherConditions.append(
                "n.max_activation BETWEEN \(Double(range.lowerBound)) AND \(Double(range.upperBound))")
        }
        if let score = filter.minimumScore { otherConditions.append("n.correlation_score >= \(score)") }
    }

    private var conditions: [SQL] { tagConditions.map(\.sql) + otherConditions }

    // MARK: Fetching

    func count(_ db: Database) throws -> Int {
        if isEmpty { return 0 }
        if conditions.isEmpty, search == nil { return saes.reduce(0) { $0 + $1.record.neuronCount } }
        if conditions.isEmpty, isEverySAE, let search { return try search.count(db) }
        return try count(db, in: saes, isEverySAE: isEverySAE)
    }

    /// Row ids of one page.
    func page(_ db: Database, sort: NeuronSort, limit: Int, offset: Int) throws -> [NeuronKey] {
        if isEmpty || limit <= 0 { return [] }
        if sort.key == .id { return try pageByID(db, ascending: sort.ascending, limit: limit, offset: offset) }
        if isByEvidence(sort) {
            let sql = pageByEvidenceSQL(ascending: sort.ascending, limit: limit, offset: offset)
            return try SQLRequest<Int64>(literal: sql).fetchAll(db).map(NeuronKey.init(rowID:))
        }
        if let search {
            let wanted = max(offset, 0).addingReportingOverflow(limit)
            let rows = wanted.overflow ? Int.max : wanted.partialValue
            let matches = try search.matches(db, depth: rows)
            if !matches.areFew {
                let places = try places(db, sort: sort, after: nil, limit: rows, matches)
                return places.dropFirst(max(offset, 0)).map { NeuronKey(rowID: $0.id) }
            }
            if sort.key == .relevance {
                return try relevance(search).ids(db, limit: limit, offset: max(offset, 0))
                    .map(NeuronKey.init(rowID:))
            }
        }
        let sql = pageSQL(sort: sort, limit: limit, offset: offset)
        return try SQLRequest<Int64>(literal: sql).fetchAll(db).map(NeuronKey.init(rowID:))
    }

    /// A page in the order of a figure.
    func pageSQL(sort: NeuronSort, limit: Int, offset: Int) -> SQL {
        // Equal values: by row id in the index' own direction. SQLite holds nulls for the smallest, so that only the
        // rising order has to send them to the end.
        // A unary plus keeps SQLite from using an index for the order.
        let figure = figure(of: sort.key)
        let key: SQL = isWalkable(search == nil ? nil : .few) ? figure : "+\(figure)"
        let order: SQL = sort.ascending ? "\(key) ASC NULLS LAST, \(id) DESC" : "\(key) DESC, \(id) ASC"
        return """
            SELECT \(id) FROM \(tables) WHERE \(condition(saes, isEverySAE, inOrder: true)) ORDER BY \(order) \
            LIMIT \(limit) OFFSET \(max(offset, 0))
            """
    }

    /// Whether an index has the order of a figure, so that rows are read off it: not where the neurons that can match are
    /// few and known, which is quicker to sort.
    func isWalkable(_ matches: NeuronSearch.Matches?) -> Bool {
        (isByCategory || !namesNeurons) && matches?.areFew != true
    }

    /// Whether a list is all of an index, or of one category in it, so that rows are counted off without looking at them.
    var isWholeIndex: Bool { isEverySAE && search == nil && conditions.count == (isByCategory ? 1 : 0) }

    /// The column that a list is sorted by.
    func figure(of key: NeuronSort.Key) -> SQL {
        switch key {
        case .score, .id, .relevance, .evidence: isByCategory ? "c.correlation_score" : "n.correlation_score"
        case .density: isByCategory ? "c.density" : "n.density"
        case .max: isByCategory ? "c.max_activation" : "n.max_activation"
        }
    }

    // MARK: Lists in memory

    /// Whether a list is all neurons there are.
    var isEverything: Bool { isWholeIndex && !isByCategory }

    /// Whether a list is quicker made from an order in memory than from an index.
    var isInMemory: Bool { !isByCategory && !namesNeurons && !isEmpty }

    /// Which neurons match, but for the words that are searched for.
    func members(_ db: Database) throws -> NeuronMembers {
        var members = NeuronMembers(saes: isEverySAE ? nil : saes.map(\.id), tags: tagConditions)
        if !otherConditions.isEmpty {
            let sql: SQL = "SELECT n.id FROM neuron n WHERE \(otherConditions.joined(separator: " AND "))"
            members.sets.append(NeuronSet(try SQLRequest<Int64>(literal: sql).fetchAll(db)))
        }
        return members
    }

    /// The row at an offset, counted off an index from the nearer end.
    func row(_ db: Database, sort: NeuronSort, at offset: Int) throws -> NeuronKey? {
        let total = saes.reduce(0) { $0 + $1.record.neuronCount }
        guard isEverything, offset > total / 2, offset < total else {
            return try page(db, sort: sort, limit: 1, offset: offset).first
        }
        let figure = figure(of: sort.key)
        let order: SQL =
            sort.ascending ? "\(figure) DESC NULLS FIRST, \(id) ASC" : "\(figure) ASC, \(id) DESC"
        let sql: SQL = "SELECT \(id) FROM \(tables) ORDER BY \(order) LIMIT 1 OFFSET \(total - 1 - offset)"
        return try SQLRequest<Int64>(literal: sql).fetchOne(db).map(NeuronKey.init(rowID:))
    }

    // MARK: Going on from a row

    /// Places of the rows that follow a place, in the order of a figure, read off its index from there.
    ///
    /// - Precondition: `isWalkable(matches)`, and the order is not by name.
    func places(
        _ db: Database, sort: NeuronSort, after place: ListPlace?, limit: Int, _ matches: NeuronSearch.Matches?
    ) throws -> [ListPlace] {
        if isEmpty || limit <= 0 { return [] }
        var found = FoundPlaces(search, matches, limit: limit)
        for (stretch, order) in stretches(sort, after: place) where !found.isFull {
            let sql: SQL = """
                SELECT \(figure(of: sort.key)), \(id) FROM \(tables)
                WHERE \(condition(saes, isEverySAE, withSearch: matches?.areFew == true, inOrder: true)) AND \(stretch) ORDER BY \(order)
                """
            let rows = try SQLRequest<Row>(literal: sql).fetchCursor(db)
            while !found.isFull, let row = try rows.next() {
                try found.take(ListPlace(figure: row[0], id: row[1]), db)
            }
            try found.askForWaiting(db)
        }
        return Array(found.places.prefix(limit))
    }

    /// Where a row stands.
    func place(_ db: Database, sort: NeuronSort, of key: NeuronKey) throws -> ListPlace? {
        let sql: SQL = """
            SELECT \(figure(of: sort.key)) FROM \(tables) WHERE \(condition(saes, isEverySAE)) AND \(id) = \(key.rowID)
            """
        return try SQLRequest<Row>(literal: sql).fetchOne(db).map { ListPlace(figure: $0[0], id: key.rowID) }
    }

    /// What follows a place: rows of the same figure, then those of the next figures, then those without one. Each is one
    /// range of an index, which a single condition would not be.
    private func stretches(_ sort: NeuronSort, after place: ListPlace?) -> [(condition: SQL, order: SQL)] {
        let figure = figure(of: sort.key)
        let byID: SQL = sort.ascending ? "\(id) DESC" : "\(id) ASC"
        let byFigure: SQL = sort.ascending ? "\(figure) ASC, \(byID)" : "\(figure) DESC, \(byID)"
        let without: (SQL, SQL) = ("\(figure) IS NULL", byID)
        guard let place else { return [("\(figure) IS NOT NULL", byFigure), without] }
        let beyond: SQL = sort.ascending ? "\(id) < \(place.id)" : "\(id) > \(place.id)"
        guard let value = place.figure else { return [("\(figure) IS NULL AND \(beyond)", byID)] }
        let next: SQL = sort.ascending ? "\(figure) > \(value)" : "\(figure) < \(value)"
        return [("\(figure) = \(value) AND \(beyond)", byID), (next, byFigure), without]
    }

    // MARK: Other orders

    private func relevance(_ search: NeuronSearch) -> RelevancePage {
        let isEveryNeuron = conditions.isEmpty && isEverySAE
        return RelevancePage(
            search: search,
            list: isEveryNeuron ? nil : (tables, id, condition(saes, isEverySAE, withSearch: false)))
    }

    /// SAEs follow each other by layer and name, which row ids know nothing of: so one SAE after the other.
    private func pageByID(_ db: Database, ascending: Bool, limit: Int, offset: Int) throws -> [NeuronKey] {
        var keys: [NeuronKey] = []
        var offset = max(offset, 0)
        for sae in ascending ? saes : saes.reversed() {
            if offset > 0 {
                let matching =
                    isUnconditioned
                    ? sae.record.neuronCount : try count(db, in: [sae], isEverySAE: false)
                if matching <= offset {
                    offset -= matching
                    continue
                }
            }
            if isUnconditioned, sae.record.neuronCount == sae.record.dSAE {
                // Every index has a row.
                let last = sae.record.dSAE - 1
                keys += (offset..<min(offset + min(limit - keys.count, last + 1), last + 1)).map { place in
                    NeuronKey(sae: sae.id, index: ascending ? place : last - place)
                }
                offset = 0
                if keys.count >= limit { break }
                continue
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

    private var isUnconditioned: Bool { conditions.isEmpty && search == nil }

    private func count(_ db: Database, in saes: [SAEDirectory.Entry], isEverySAE: Bool) throws -> Int {
        let sql: SQL = "SELECT count(*) FROM \(tables) WHERE \(condition(saes, isEverySAE))"
        return try SQLRequest<Int>(literal: sql).fetchOne(db) ?? 0
    }

    var id: SQL { isByCategory ? "c.neuron_id" : "n.id" }

    /// The neuron itself is only joined where a condition asks for it.
    var tables: SQL {
        guard isByCategory else { return "neuron n" }
        let needsNeuron = conditions.count > 1
        return needsNeuron ? "neuron_category c CROSS JOIN neuron n ON n.id = c.neuron_id" : "neuron_category c"
    }

    /// What holds for every neuron of the list.
    var condition: SQL { condition(saes, isEverySAE) }

    /// Above this, sorting an SAE's neurons takes longer than walking an order in which they are scattered.
    private static let mostSorted = 10_000

    /// - Parameter inOrder: Rows are wanted in the order of a figure. Then the range of an SAE's row ids, unless it holds few
    ///   neurons, must not tempt SQLite to read and sort all of it.
    private func condition(
        _ saes: [SAEDirectory.Entry], _ isEverySAE: Bool, withSearch: Bool = true, inOrder: Bool = false
    ) -> SQL {
        var all = conditions
        if withSearch, let search { all.append(search.condition(on: id)) }
        if !isEverySAE {
            let isScattered = inOrder && saes.reduce(0) { $0 + $1.record.neuronCount } > Self.mostSorted
            // A unary plus keeps SQLite from using the row id's own index.
            let id: SQL = isScattered ? "+\(id)" : id
            let ranges = saes.map { sae -> SQL in
                let range = NeuronKey.range(ofSAE: sae.id)
                return "\(id) BETWEEN \(range.lowerBound) AND \(range.upperBound)"
            }
            all.append("(\(ranges.joined(separator: " OR ")))")
        }
        return all.isEmpty ? "TRUE" : all.joined(separator: " AND ")
    }
}

extension NeuronMembers.TagCondition {
    fileprivate var sql: SQL {
        switch self {
        case .none: "n.tag_sources = 0"
        case .any(let bits): "n.tag_sources & \(Int64(bits)) <> 0"
        }
    }
}
