import GRDB

/// Rows of a list that is walked in its order, on their way into a page: those that a search finds go through.
struct FoundPlaces {
    private let search: NeuronSearch?
    private var matches: NeuronSearch.Matches?
    private let limit: Int
    private(set) var places: [ListPlace] = []
    /// Rows that were not asked for yet.
    private var waiting: [ListPlace] = []
    private var walked = 0

    /// Rows that are asked for at a time.
    private static let block = 128
    /// A page for which more rows would have to be asked is quicker filled from all that is found.
    private static let patience = 1000.0

    init(_ search: NeuronSearch?, _ matches: NeuronSearch.Matches?, limit: Int) {
        self.search = search
        self.matches = matches
        self.limit = limit
    }

    var isFull: Bool { places.count >= limit }

    mutating func take(_ place: ListPlace, _ db: Database) throws {
        switch matches {
        case .common:
            waiting.append(place)
            if waiting.count >= Self.block { try askForWaiting(db) }
        case .many(let ids): if ids.contains(place.id) { places.append(place) }
        case .few, nil: places.append(place)
        }
    }

    /// Lets those that wait through, at the end of a list.
    mutating func askForWaiting(_ db: Database) throws {
        guard !waiting.isEmpty, let search else { return }
        let found = try search.found(among: waiting.map(\.id), db)
        places += waiting.lazy.filter { found.contains($0.id) }
        walked += waiting.count
        waiting.removeAll(keepingCapacity: true)
        let expected = Double(walked) * Double(limit - places.count) / Double(max(places.count, 1))
        if expected > Self.patience {
            matches = .many(SortedIDs(try search.ids(db, limit: .max)))
        }
    }
}
