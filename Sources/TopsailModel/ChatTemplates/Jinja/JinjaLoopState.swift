/// The variable `loop`. Looking ahead advances the iteration, as in Jinja.
package final class JinjaLoopState {
    private var iterator: JinjaIterator
    private var knownLength: Int?
    private var ahead: JinjaValue?
    private var current: JinjaValue?
    private var before: JinjaValue?
    private(set) var index0 = -1
    var lastChanged: [JinjaValue]?
    let depth: Int

    /// - Parameter length: How many values there are, where that is known without looking.
    init(_ iterator: JinjaIterator, length: Int?) {
        self.iterator = iterator
        depth = iterator.depth + 1
        knownLength = length
    }

    func next() throws -> JinjaValue? {
        guard let value = try ahead ?? iterator.next() else { return nil }
        ahead = nil
        index0 += 1
        before = current
        current = value
        return value
    }

    private func peek() throws -> JinjaValue? {
        if ahead == nil { ahead = try iterator.next() }
        return ahead
    }

    func length() throws -> Int {
        if let knownLength { return knownLength }
        var rest: [JinjaValue] = []
        while let value = try iterator.next() {
            rest.append(value)
            guard rest.count <= JinjaLimits.weight else { throw JinjaFailure.limit("a loop is too long") }
        }
        iterator = try JinjaIterator(rest, depth: iterator.depth - 1)
        let length = rest.count + index0 + 1 + (ahead == nil ? 0 : 1)
        knownLength = length
        return length
    }

    static let methods: Set<String> = ["cycle", "changed"]

    /// - Returns: `nil` for a name that a loop does not have.
    func attribute(_ name: String) throws -> JinjaValue? {
        switch name {
        case "index": .int(index0 + 1)
        case "index0": .int(index0)
        case "length": .int(try length())
        case "revindex": .int(try length() - index0)
        case "revindex0": .int(try length() - index0 - 1)
        case "first": .bool(index0 == 0)
        case "last": .bool(try peek() == nil)
        case "depth": .int(1)
        case "depth0": .int(0)
        case "previtem": index0 == 0 ? .undefined("there is no item before the first") : before
        case "nextitem": try peek() ?? .undefined("there is no item after the last")
        default: nil
        }
    }
}
