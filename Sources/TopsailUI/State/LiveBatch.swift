import TopsailCore
import TopsailEngine

/// A file of prompts that is being read, or was: what fired on each.
public struct LiveBatch: Sendable {
    /// What one prompt showed.
    public struct Row: Sendable, Hashable {
        public var prompt: String
        /// The strongest neuron over the counted tokens; `nil` where none fires.
        public var peak: Peak?
        /// The category with the highest score, the overall one apart.
        public var category: CategoryScore?
        /// Why it could not be read; `nil` where it was.
        public var problem: String?
    }

    public struct Peak: Sendable, Hashable {
        public var key: NeuronKey
        public var feature: LiveFeature
    }

    /// What the table is sorted by.
    public enum Sort: String, Sendable, Hashable, CaseIterable {
        case file = "in the order of the file"
        case category = "by score"
        case neuron = "by neuron"
    }

    public let file: String
    /// Prompts of the file; `nil` until it was read.
    public internal(set) var total: Int?
    /// In the order of the file.
    public private(set) var rows: [Row] = []
    public private(set) var sort = Sort.file
    /// Indices of `rows` in the order of the table.
    private var order: [Int] = []

    init(file: String) { self.file = file }

    /// A row of the table.
    ///
    /// - Returns: The row with its place in the file, from 0.
    public subscript(place: Int) -> (number: Int, row: Row)? {
        order.indices.contains(place) ? (order[place], rows[order[place]]) : nil
    }

    mutating func append(_ row: Row) {
        rows.append(row)
        let new = rows.count - 1
        let rank = rank(of: new)
        // Rows come one by one, so each is put where it belongs.
        var low = 0, high = order.count
        while low < high {
            let middle = (low + high) / 2
            if self.rank(of: order[middle]) < rank { high = middle } else { low = middle + 1 }
        }
        order.insert(new, at: low)
    }

    mutating func sortNext() {
        let all = Sort.allCases
        sort = all[(all.firstIndex(of: sort)! + 1) % all.count]
        order = rows.indices.sorted { (rank(of: $1), $0) < (rank(of: $0), $1) }
    }

    /// What the table falls by; equals stay in the order of the file.
    private func rank(of row: Int) -> Float {
        switch sort {
        case .file: 0
        case .category: rows[row].category?.score ?? -1
        case .neuron: rows[row].peak?.feature.rank ?? -.infinity
        }
    }
}

/// What reading a file of prompts tells as it goes on.
public enum BatchStep: Sendable {
    /// The file was read; so many prompts follow.
    case began(Int)
    case row(LiveBatch.Row)
    case ended
}

extension LiveBatch.Row {
    /// What a report says in one row.
    package init(_ prompt: String, _ report: LiveReport) {
        self.prompt = prompt
        peak = LiveSequence(report).peaks.first.map { peak in
            LiveBatch.Peak(
                key: NeuronKey(sae: report.saes[peak.feature.sae].name, index: peak.feature.index),
                feature: peak.feature)
        }
        category = report.categories.filter { !$0.isOverall }.max { $0.score < $1.score }
        category?.evidence = []
    }

    /// A prompt that could not be read.
    package init(_ prompt: String, problem: String) {
        self.prompt = prompt
        self.problem = problem
    }
}
