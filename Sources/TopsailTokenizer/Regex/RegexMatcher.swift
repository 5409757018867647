/// Runs a program over a text. Holds the stack of what may still be tried, so it belongs to one walk over one text.
struct RegexMatcher {
    /// Where to go on when what is being tried fails.
    private struct Retreat {
        var instruction: Int
        var position: Int
        /// For runs: how far it may shrink, or how many more a lazy one may take; -1 for others.
        var limit = -1
    }

    private let program: RegexProgram
    private let text: UTF8Text
    private var stack: [Retreat] = []
    private var steps = 0

    /// As many retreats as Oniguruma allows for one match; an expression that needs more is taken not to match.
    private static let mostSteps = 10_000_000

    init(_ program: RegexProgram, text: UTF8Text) {
        self.program = program
        self.text = text
    }

    /// The end of the match that starts at a position.
    mutating func endOfMatch(at position: Int) -> Int? {
        stack.removeAll(keepingCapacity: true)
        steps = 0
        return run(from: 0, at: position)
    }

    private mutating func run(from start: Int, at startPosition: Int) -> Int? {
        let base = stack.count
        var instruction = start
        var position = startPosition
        while true {
            switch step(instruction, position) {
            case .advance(let next, let at): (instruction, position) = (next, at)
            case .done:
                stack.removeSubrange(base...)
                return position
            case .fail:
                steps += 1
                guard steps < Self.mostSteps, let retreat = takeRetreat(above: base) else {
                    stack.removeSubrange(base...)
                    return nil
                }
                (instruction, position) = retreat
            }
        }
    }

    private enum Outcome {
        case advance(Int, Int)
        case done, fail
    }

    @inline(__always)
    private mutating func step(_ at: Int, _ position: Int) -> Outcome {
        switch program.instructions[at] {
        case .set(let set):
            guard let next = self.next(position, in: set) else { return .fail }
            return .advance(at + 1, next)
        case .run(let set, let least, let most, let mode):
            return startRun(at, set, least, most, mode, position)
        case .fork(let first, let second):
            stack.append(Retreat(instruction: second, position: position))
            return .advance(first, position)
        case .jump(let target): return .advance(target, position)
        case .look(let end, let back, let negated):
            let found = self.position(back, before: position).flatMap { run(from: at + 1, at: $0) } != nil
            return found != negated ? .advance(end, position) : .fail
        case .atomic(let end):
            guard let after = run(from: at + 1, at: position) else { return .fail }
            return .advance(end, after)
        case .anchor(let anchor): return holds(anchor, position) ? .advance(at + 1, position) : .fail
        case .done: return .done
        }
    }

    @inline(__always)
    private func next(_ position: Int, in set: Int) -> Int? {
        guard position < text.count else { return nil }
        let (value, next) = text.codePoint(at: position)
        return program.sets[set].contains(value) ? next : nil
    }

    private mutating func startRun(
        _ at: Int, _ set: Int, _ least: Int, _ most: Int, _ mode: RegexNode.RepeatMode, _ start: Int
    ) -> Outcome {
        var position = start
        var count = 0
        var floor = start
        while count < (mode == .lazy ? least : most), let next = self.next(position, in: set) {
            position = next
            count += 1
            if count == least { floor = position }
        }
        guard count >= least else { return .fail }
        switch mode {
        case .greedy where position > floor:
            stack.append(Retreat(instruction: at, position: position, limit: floor))
        case .lazy where most > least:
            stack.append(Retreat(instruction: at, position: position, limit: most - least))
        default: break
        }
        return .advance(at + 1, position)
    }

    /// What to try next: another branch, or the same run with one code point fewer (greedy) or more (lazy).
    private mutating func takeRetreat(above base: Int) -> (instruction: Int, position: Int)? {
        while stack.count > base, let retreat = stack.popLast() {
            guard retreat.limit >= 0, case .run(let set, _, _, let mode) = program.instructions[retreat.instruction]
            else {
                return (retreat.instruction, retreat.position)
            }
            var again = retreat
            if mode == .greedy {
                again.position = text.start(before: retreat.position)
                if again.position > retreat.limit { stack.append(again) }
            } else {
                guard let next = self.next(retreat.position, in: set) else { continue }
                again.position = next
                again.limit -= 1
                if again.limit > 0 { stack.append(again) }
            }
            return (retreat.instruction + 1, again.position)
        }
        return nil
    }

    private func position(_ count: Int, before position: Int) -> Int? {
        var position = position
        for _ in 0..<count {
            guard position > 0 else { return nil }
            position = text.start(before: position)
        }
        return position
    }

    private func holds(_ anchor: RegexNode.Anchor, _ position: Int) -> Bool {
        switch anchor {
        case .startOfText: position == 0
        case .endOfText: position == text.count
        case .startOfLine: position == 0 || (text.bytes[position - 1] == 0x0A && position < text.count)
        case .endOfLine: position == text.count || text.bytes[position] == 0x0A
        case .wordBoundary: isWord(before: position) != isWord(at: position)
        case .noWordBoundary: isWord(before: position) == isWord(at: position)
        }
    }

    private func isWord(at position: Int) -> Bool {
        position < text.count && UnicodeData.isPartOfOnigurumaWord(text.codePoint(at: position).value)
    }

    private func isWord(before position: Int) -> Bool { position > 0 && isWord(at: text.start(before: position)) }
}
