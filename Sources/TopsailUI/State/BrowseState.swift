import TerminalKit

/// The first screen: category tree, neuron table, one neuron.
public struct BrowseState: Sendable {
    public enum Pane: Int, Sendable, Hashable, CaseIterable {
        case tree, table, detail
        /// Neighbours and logit effects in panes of their own, on wide screens only.
        case side
    }

    public var pane = Pane.table
    /// Whether the pane with the focus fills the screen.
    public var isZoomed = false
    public var tree = TreeState()

    public var query = NeuronQuery()
    /// The filter as typed.
    public var filterText = ""
    public var filterHistory = InputHistory()
    /// The line being typed after `/`; `nil` when it is closed.
    public var filterLine: TextEditor?
    public var filterProblem: FilterExpression.Problem?
    public var rows = PagedRows()
    /// Number of the last question; rows of an earlier one are dropped.
    public var queryGeneration = 0
    /// Whether `rows` still answer an earlier question.
    public var isStale = true
    public var cursor = ListCursor()
    /// In the order of marking.
    public var marks: [NeuronKey] = []

    /// A neuron opened by name or from another screen, which need not be in the table.
    public var opened: NeuronKey?
    public var detail: NeuronProfile?
    /// What was asked for last.
    public var wantedDetail: NeuronKey?
    public var detailGeneration = 0
    public var detailScroll = 0
    /// How much of each context is shown.
    public var contextView = ContextView.stacked
    public var side = ListCursor()

    /// How much of a context is shown.
    public enum ContextView: Int, Sendable, Hashable, CaseIterable {
        /// One row around the peak.
        case snippet
        /// A few rows, more on wide panes.
        case stacked
        /// All of it.
        case full

        var words: String {
            switch self {
            case .snippet: "one row a context"
            case .stacked: "a few rows a context"
            case .full: "contexts in full"
            }
        }
    }

    public init() {}

    public var selected: NeuronEntry? { rows[cursor.selected] }

    /// What the pane at the side lists: the nearest neurons, then those that fire together with this one.
    public var neighbours: [NeuronProfile.Neighbour] { (detail?.similar ?? []) + (detail?.coactive ?? []) }
}

/// Which categories are open, and which row is selected.
public struct TreeState: Sendable, Hashable {
    public var expanded: Set<String> = []
    /// Every concept with its domain's name, instead of a tree.
    public var isFlat = false
    public var cursor = ListCursor()

    public init() {}
}

/// One row of the category tree.
public struct TreeRow: Sendable, Hashable {
    public var scope: NeuronQuery.Scope
    public var label: String
    public var count: Int
    public var depth: Int
    /// `nil` where there is nothing to open.
    public var isExpanded: Bool?
}

extension ExplorerState {
    /// The rows of the tree, top to bottom.
    public var treeRows: [TreeRow] {
        var rows = [TreeRow(scope: .all, label: "all", count: categories.all, depth: 0)]
        let parents = Set(categories.nodes.compactMap(\.parent))
        let labels = Dictionary(categories.nodes.map { ($0.slug, $0.label) }) { first, _ in first }
        for node in categories.nodes {
            let scope = NeuronQuery.Scope.category(node.slug)
            if browse.tree.isFlat {
                if parents.contains(node.slug) { continue }
                let label = node.parent.flatMap { labels[$0] }.map { "\(node.label) · \($0)" } ?? node.label
                rows.append(TreeRow(scope: scope, label: label, count: node.count, depth: 0))
            } else if node.parent == nil {
                let isExpanded = parents.contains(node.slug) ? browse.tree.expanded.contains(node.slug) : nil
                rows.append(
                    TreeRow(scope: scope, label: node.label, count: node.count, depth: 0, isExpanded: isExpanded))
            } else if let parent = node.parent, browse.tree.expanded.contains(parent) {
                rows.append(TreeRow(scope: scope, label: node.label, count: node.count, depth: 1))
            }
        }
        rows.append(TreeRow(scope: .untagged, label: "untagged", count: categories.untagged, depth: 0))
        rows.append(TreeRow(scope: .tagged, label: "my tags", count: categories.tagged, depth: 0))
        rows += categories.lists.map { TreeRow(scope: .list($0.name), label: $0.name, count: $0.count, depth: 0) }
        return rows
    }

    /// How many neurons a part of the tree has; `nil` for what is not there any more.
    func count(of scope: NeuronQuery.Scope) -> Int? {
        switch scope {
        case .all: categories.all
        case .untagged: categories.untagged
        case .tagged: categories.tagged
        case .list(let name): categories.lists.first { $0.name == name }?.count
        case .category(let slug): categories.nodes.first { $0.slug == slug }?.count
        }
    }

    /// How the selected part of the tree is called.
    public func label(of scope: NeuronQuery.Scope) -> String {
        switch scope {
        case .all: "all"
        case .untagged: "untagged"
        case .tagged: "my tags"
        case .list(let name): name
        case .category(let slug): categories.nodes.first { $0.slug == slug }?.label ?? slug
        }
    }
}
