/// A regular expression as instructions for a backtracking matcher.
struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        case set(Int)
        /// Code points of one set, as many as there are or as few as will do.
        case run(set: Int, least: Int, most: Int, RegexNode.RepeatMode)
        /// Goes on at the first, and later, if that fails, at the second.
        case fork(first: Int, second: Int)
        case jump(Int)
        /// The instructions up to `end`, by themselves; `back` code points before the position for looks behind.
        case look(end: Int, back: Int, negated: Bool)
        case atomic(end: Int)
        case anchor(RegexNode.Anchor)
        case done
    }

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []
    private static let mostInstructions = 20_000
    /// How often a part may be come by, since parts that are empty add no instructions.
    private static let mostVisits = 100_000
    private var visits = 0

    /// - Throws: `RegexSyntaxError` for an expression whose repeats make it too large.
    init(_ node: RegexNode) throws(RegexSyntaxError) {
        try emit(node)
        instructions.append(.done)
    }

    private mutating func emit(_ node: RegexNode) throws(RegexSyntaxError) {
        visits += 1
        guard instructions.count < Self.mostInstructions, visits < Self.mostVisits else {
            throw RegexSyntaxError(problem: "an expression of over \(Self.mostInstructions) steps")
        }
        switch node {
        case .empty: break
        case .set(let set): instructions.append(.set(add(set)))
        case .sequence(let parts): for part in parts { try emit(part) }
        case .choice(let branches): try emitChoice(branches)
        case .repeated(.set(let set), let least, let most, let mode):
            instructions.append(.run(set: add(set), least: least, most: most ?? .max, mode))
        case .repeated(let inner, let least, let most, .possessive):
            try emitNested(.atomic(.repeated(inner, least: least, most: most, .greedy)))
        case .repeated(let inner, let least, let most, let mode):
            try emitRepeat(inner, least: least, most: most, isLazy: mode == .lazy)
        case .look, .atomic: try emitNested(node)
        case .anchor(let anchor): instructions.append(.anchor(anchor))
        }
    }

    private mutating func add(_ set: ScalarSet) -> Int {
        sets.append(set)
        return sets.count - 1
    }

    private mutating func emitChoice(_ branches: [RegexNode]) throws(RegexSyntaxError) {
        var jumps: [Int] = []
        for (index, branch) in branches.enumerated() {
            let isLast = index == branches.count - 1
            let fork = instructions.count
            if !isLast { instructions.append(.done) }
            try emit(branch)
            guard !isLast else { break }
            jumps.append(instructions.count)
            instructions.append(.done)
            instructions[fork] = .fork(first: fork + 1, second: instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func emitRepeat(
        _ inner: RegexNode, least: Int, most: Int?, isLazy: Bool
    ) throws(RegexSyntaxError) {
        for _ in 0..<least { try emit(inner) }
        func fork(_ inside: Int, _ outside: Int) -> Instruction {
            isLazy ? .fork(first: outside, second: inside) : .fork(first: inside, second: outside)
        }
        guard let most else {
            let start = instructions.count
            instructions.append(.done)
            try emit(inner)
            instructions.append(.jump(start))
            instructions[start] = fork(start + 1, instructions.count)
            return
        }
        var forks: [Int] = []
        for _ in least..<most {
            forks.append(instructions.count)
            instructions.append(.done)
            try emit(inner)
        }
        for at in forks { instructions[at] = fork(at + 1, instructions.count) }
    }

    /// A part that is run by itself and ends in `done`.
    private mutating func emitNested(_ node: RegexNode) throws(RegexSyntaxError) {
        let start = instructions.count
        instructions.append(.done)
        switch node {
        case .look(let inner, let ahead, let negated):
            try emit(inner)
            instructions.append(.done)
            let back = ahead ? 0 : inner.fixedWidth ?? 0
            instructions[start] = .look(end: instructions.count, back: back, negated: negated)
        case .atomic(let inner):
            try emit(inner)
            instructions.append(.done)
            instructions[start] = .atomic(end: instructions.count)
        default: preconditionFailure("only looks and atomic groups are nested")
        }
    }
}
