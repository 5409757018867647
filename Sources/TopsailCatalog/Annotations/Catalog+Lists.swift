import GRDB
import TopsailCore

extension Catalog {
    /// A person's lists by name. Their members are `neurons(matching:)` with the filter's `list` set.
    public func lists() throws(CatalogError) -> [NeuronList] {
        try read { db in
            let sql = """
                SELECT name, description, (SELECT count(*) FROM list_member m WHERE m.list_id = list.id) AS members
                FROM list ORDER BY name
                """
            return try Row.fetchAll(db, sql: sql).map {
                NeuronList(name: $0["name"], description: $0["description"], count: $0["members"])
            }
        }
    }

    /// Makes an empty list.
    ///
    /// - Throws: `listExists`, or `invalid` for a name that is blank or holds line breaks.
    public func createList(_ name: String, description: String = "") throws(CatalogError) {
        try Self.checkListName(name)
        try write { db in
            if try ListTable(db).find(name) != nil { throw CatalogError(.listExists(name)) }
            _ = try Journal(db).perform([(AnnotationTarget(field: .list, name: name), StoredText.clean(description))])
        }
    }

    private static func checkListName(_ name: String) throws(CatalogError) {
        guard !name.allSatisfy(\.isWhitespace), !name.contains(where: \.isNewline), !name.utf8.contains(0) else {
            throw CatalogError(.invalid(what: "list", problem: "its name is blank or holds line breaks"))
        }
    }

    /// Removes a list; undoing brings it back with its members.
    public func deleteList(_ name: String) throws(CatalogError) {
        try write { db in
            let list = try ListTable(db).id(of: name)
            let members = try Int64.fetchAll(
                db, sql: "SELECT neuron_id FROM list_member WHERE list_id = ?", arguments: [list])
            // Members first: undone in reverse, the list is there again before they are.
            let removals = members.map {
                (AnnotationTarget(field: .listMember, neuron: $0, name: name), nil as String?)
            }
            _ = try Journal(db).perform(removals + [(AnnotationTarget(field: .list, name: name), nil)])
        }
    }

    /// Puts neurons on a list, as one step.
    ///
    /// - Parameter creating: Whether a list that is not there is made, in the same step.
    @discardableResult
    public func add(
        _ neurons: [NeuronID], toList name: String, creating: Bool = false
    ) throws(CatalogError) -> Bool {
        if creating { try Self.checkListName(name) }
        return try setMembers(neurons, of: name, to: "added", creating: creating)
    }

    /// Takes neurons off a list, as one step.
    @discardableResult
    public func remove(_ neurons: [NeuronID], fromList name: String) throws(CatalogError) -> Bool {
        try setMembers(neurons, of: name, to: nil)
    }

    private func setMembers(
        _ neurons: [NeuronID], of name: String, to value: String?, creating: Bool = false
    ) throws(CatalogError) -> Bool {
        try write { db in
            let lists = ListTable(db)
            let isNew = try creating && lists.find(name) == nil
            if !isNew { _ = try lists.id(of: name) }
            let directory = try SAEDirectory(db)
            let creation = isNew ? [(AnnotationTarget(field: .list, name: name), "" as String?)] : []
            return try Journal(db).perform(
                creation
                    + neurons.map { neuron in
                        let key = try directory.key(of: neuron)
                        return (AnnotationTarget(field: .listMember, neuron: key.rowID, name: name), value)
                    })
        }
    }
}
