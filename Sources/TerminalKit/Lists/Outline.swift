/// A tree of named things, some of them open.
public struct Outline<ID: Hashable & Sendable>: Sendable {
    public struct Node: Sendable {
        public var id: ID
        public var title: String
        /// Something short at the right edge, such as a count.
        public var note: String
        public var children: [Node]

        public init(_ id: ID, title: String, note: String = "", children: [Node] = []) {
            self.id = id
            self.title = title
            self.note = note
            self.children = children
        }
    }

    public var roots: [Node]
    public var expanded: Set<ID>

    public init(_ roots: [Node], expanded: Set<ID> = []) {
        self.roots = roots
        self.expanded = expanded
    }

    /// The rows on show when closed branches are left out, top to bottom.
    public var rows: [(id: ID, row: Tree.Row)] {
        var rows: [(id: ID, row: Tree.Row)] = []
        func visit(_ nodes: [Node], depth: Int) {
            for node in nodes {
                let isOpen = expanded.contains(node.id)
                let state: Tree.Branch = node.children.isEmpty ? .leaf : isOpen ? .expanded : .collapsed
                rows.append((node.id, Tree.Row(node.title, depth: depth, branch: state, note: node.note)))
                if isOpen { visit(node.children, depth: depth + 1) }
            }
        }
        visit(roots, depth: 0)
        return rows
    }

    public mutating func toggle(_ id: ID) {
        if expanded.remove(id) == nil { expanded.insert(id) }
    }

    /// The node that holds `id` among its children; `nil` for roots and unknown ids.
    public func parent(of id: ID) -> ID? {
        func search(_ nodes: [Node]) -> ID? {
            for node in nodes {
                if node.children.contains(where: { $0.id == id }) { return node.id }
                if let found = search(node.children) { return found }
            }
            return nil
        }
        return search(roots)
    }
}
