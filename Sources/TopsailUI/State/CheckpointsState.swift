import TerminalKit
import TopsailEngine

/// The fourth screen: SAEs side by side.
public struct CheckpointsState: Sendable {
    public enum Pane: Int, Sendable, Hashable, CaseIterable {
        case list, details, matches
    }

    public enum Sort: String, Sendable, Hashable, CaseIterable {
        case name, l0 = "L0"
        case variance = "EV"
        case recovered = "CE rec"
        case iCDF = "I_CDF"
    }

    public var pane = Pane.list
    public var isZoomed = false
    public var isOpened = false
    /// `nil` until they are here.
    public private(set) var entries: [CheckpointEntry]?
    public var cursor = ListCursor()
    public var sort = Sort.name
    public var isReversed = false
    /// Names of at most two SAEs to compare, in the order of marking.
    public var marks: [String] = []
    public var fits: [String: FitReport] = [:]
    public var densities: [String: DensityDistribution] = [:]
    /// The SAE whose densities were asked for last.
    public var wantedDensities: String?
    public var comparison: CheckpointComparison?
    public var matchCursor = ListCursor()
    public var detailScroll = 0

    public init() {}

    /// Takes the list in; SAEs that were opened by path stay.
    mutating func take(_ new: [CheckpointEntry]) {
        let isFirst = entries == nil
        let names = Set(new.map(\.name))
        entries = new + (entries ?? []).filter { !names.contains($0.name) && !$0.parameters.isEmpty }
        order()
        if isFirst { cursor = ListCursor() }
    }

    /// Adds an SAE that was opened by path, or what its files say to the one that is there, and selects it.
    mutating func add(_ opened: CheckpointEntry) {
        var all = entries ?? []
        if let place = all.firstIndex(where: { $0.name == opened.name && ($0.path == opened.path || $0.path == nil) }) {
            all[place].parameters = opened.parameters
            all[place].path = opened.path
            all[place].model = all[place].model ?? opened.model
        } else {
            all.removeAll { $0.name == opened.name && $0.neurons == 0 }
            all.append(opened)
        }
        entries = all
        order()
        let place = entries?.firstIndex { $0.name == opened.name } ?? 0
        cursor = ListCursor(selected: place, offset: cursor.offset)
    }

    mutating func order() {
        let selected = self.selected?.name
        func value(_ entry: CheckpointEntry) -> Double? {
            switch sort {
            case .name: nil
            case .l0: entry.metrics["l0"] ?? entry.k.map(Double.init)
            case .variance: entry.metrics["explained_variance"]
            case .recovered: entry.metrics["ce_recovered"]
            case .iCDF: entry.metrics["i_cdf"]
            }
        }
        entries?.sort { left, right in
            switch (value(left), value(right)) {
            case (let a?, let b?) where a != b: isReversed ? a < b : a > b
            case (_?, nil): true
            case (nil, _?): false
            default:
                isReversed && sort == .name
                    ? NaturalOrder.precedes(right.name, left.name) : NaturalOrder.precedes(left.name, right.name)
            }
        }
        if let selected, let place = entries?.firstIndex(where: { $0.name == selected }) {
            cursor = ListCursor(selected: place, offset: cursor.offset)
        }
    }
}

extension CheckpointsState {
    public var selected: CheckpointEntry? {
        guard let entries, entries.indices.contains(cursor.selected) else { return nil }
        return entries[cursor.selected]
    }

    /// The two SAEs to compare: two marks, or one mark and the selected row.
    public var pair: (CheckpointEntry, CheckpointEntry)? {
        var names = marks
        if names.count == 1, let selected, selected.name != names[0] { names.append(selected.name) }
        let found = names.compactMap { name in entries?.first { $0.name == name } }
        return found.count == 2 ? (found[0], found[1]) : nil
    }
}
