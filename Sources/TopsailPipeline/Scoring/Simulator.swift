/// An explanation as it is tested.
public struct TestedExplanation: Sendable, Hashable {
    /// Index of the neuron within its SAE.
    public var neuron: Int
    public var text: String

    public init(neuron: Int, text: String) {
        self.neuron = neuron
        self.text = text
    }
}

/// A context as it is asked about: whole, or in parts.
public struct Passage: Sendable, Hashable {
    public var context: TestContext
    /// Ranges of the context's tokens.
    public var parts: [Range<Int>]
    /// Tokens that are shown in marks.
    public var marks: Set<Int>

    public init(_ context: TestContext, parts: [Range<Int>], marks: Set<Int> = []) {
        self.context = context
        self.parts = parts
        self.marks = marks
    }

    /// What the parts say, each on one line.
    var texts: [String] {
        parts.map { range in
            range.map { position in
                let text = ExplanationPrompt.oneLine(context.texts[position])
                guard marks.contains(position) else { return text }
                let space = text.prefix { $0 == " " }
                return space + "<<" + text.dropFirst(space.count) + ">>"
            }.joined()
        }
    }
}

/// What a simulator says of the parts of a passage.
public enum SimulationGrain: String, Sendable, Hashable {
    /// Parts are tokens: the activation from 0 to 10.
    case tokens
    /// Parts are segments: the probability that the neuron fires there.
    case segments
    /// The part is a whole text: the same.
    case texts
    /// The part is a whole text with marks: the probability that they stand where the neuron fires.
    case marks

    /// Passages that are asked about at once.
    var passagesAtOnce: Int {
        switch self {
        case .tokens: 1
        case .segments: 4
        case .texts, .marks: 5
        }
    }
}

/// Plays a neuron by what an explanation says.
public protocol ActivationSimulator: AnyObject {
    /// As scores name it.
    var name: String { get }
    var cost: AskingCost { get }

    /// A guess for every part of every passage.
    ///
    /// - Parameter passages: At most `grain.passagesAtOnce`; they are asked about in one go.
    /// - Returns: `nil` for a passage whose answer could not be read.
    func simulate(
        _ explanation: TestedExplanation, _ passages: [Passage], grain: SimulationGrain
    ) throws -> [[Double]?]
}
