import Foundation
import Testing
import TopsailModel
import TopsailPipeline

@Suite("Reading answers") struct AnswerTests {
    @Test("values stand behind their numbers, whatever stands between")
    func numbered() {
        let answer = ModelAnswer(text: "Here it is:\n1\t0\n2: 10\n 3) 7\n5\t3\n")
        #expect(NumberedAnswer.read(answer, count: 5, highest: 10) == [0, 10, 7, nil, 3])
    }

    @Test("what is not a whole number in range is not read", arguments: ["10.14", "null", "-1", "11", "x", ""])
    func refused(value: String) {
        #expect(NumberedAnswer.read(ModelAnswer(text: "1\t\(value)"), count: 1, highest: 10) == [nil])
    }

    @Test("where probabilities are known the expected value counts, over what parses")
    func expected() throws {
        func token(_ text: String, _ alternatives: [(String, Double)] = []) -> ModelAnswer.Token {
            ModelAnswer.Token(
                text: text,
                alternatives: alternatives.map {
                    ModelAnswer.Alternative(text: $0.0, logProbability: Foundation.log($0.1))
                })
        }
        let answer = ModelAnswer(
            text: "1\t4\n2\t0",
            tokens: [
                token("1"), token("\t"), token("4", [("4", 0.5), ("8", 0.3), ("the", 0.1), ("99", 0.1)]), token("\n"),
                token("2\t"), token("0", [("0", 1)]),
            ])
        let values = NumberedAnswer.read(answer, count: 2, highest: 10)
        // (0.5 · 4 + 0.3 · 8) / 0.8
        #expect(abs(try #require(values[0]) - 5.5) < 1e-9)
        #expect(values[1] == 0)
        // Tokens that do not make up the text are of no use.
        #expect(
            NumberedAnswer.read(ModelAnswer(text: "1\t4", tokens: [token("4", [("8", 1)])]), count: 1, highest: 10) == [
                4
            ])
    }

    @Test("an explanation is one plain line")
    func explanation() throws {
        #expect(try ExplanationAnswer.text("\"words for gardens.\"\n") == "words for gardens")
        #expect(
            try ExplanationAnswer.text("<think>\nhm, gardens?\n</think>\n\nThe neuron reacts to garden words")
                == "garden words")
        #expect(try ExplanationAnswer.text("Explanation: numbers\nmore") == "numbers")
        #expect(try ExplanationAnswer.text(String(repeating: "long ", count: 100)).count == 200)
        for empty in ["", " \n ", "...", "12"] {
            #expect(throws: AskingError.unreadableAnswer(why: "the answer holds no explanation")) {
                try ExplanationAnswer.text(empty)
            }
        }
    }

    @Test("a model is shown where the neuron fires and how strongly, and where it is silent")
    func prompt() throws {
        let evidence = NeuronEvidence(
            id: .layered(layer: 3, index: 7), index: 7,
            strong: [.init(texts: ["We", " saw", " the", "\n", " garden"], activations: [0, 0, 1, 0, 8])],
            weak: [.init(texts: [" a", " yard"], activations: [0, 2])],
            silent: [.init(texts: [" the", " sea"], activations: [0, 0])], promoted: [" tree"], maximum: 8)
        let messages = ExplanationPrompt().messages(evidence)
        #expect(messages.map(\.role) == ["system", "user", "assistant", "user"])
        let text = messages[3].content
        #expect(text.contains("1. We saw «the»1↵ «garden»10"))
        #expect(text.contains("Fires weakly:\n1.  a «yard»2"))
        #expect(text.contains("Silent:\n1.  the sea"))
        #expect(text.contains("likelier:  tree"))
    }
}
