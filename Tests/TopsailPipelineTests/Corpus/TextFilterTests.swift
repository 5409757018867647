import Testing
import TopsailPipeline

@Suite("Filtering sampled texts") struct TextFilterTests {
    private let filter = TextFilter()

    @Test(
        "keeps ordinary prose, code and verse",
        arguments: [
            """
            The bridge opened on Monday after three years of work. Engineers tested every cable twice, and the mayor \
            walked across with a brass band behind her.
            """,
            """
            def mean(values):
                total = 0
                for value in values:
                    total += value
                return total / len(values)
            """,
            "The rain fell soft on stone and leaf,\nThe river sang of joy and grief,\nAnd all the town lay down to sleep.",
        ])
    func ordinary(text: String) {
        #expect(filter.rejection(of: text, prompt: nil, tokens: 40) == nil)
    }

    @Test("refuses loops")
    func loops() {
        let loop = String(repeating: "We are proud of our team and our work. ", count: 8)
        #expect(filter.rejection(of: loop, prompt: nil, tokens: 80) == .repetitive)
        let gradual = (0..<30).map { "item \($0 % 3) of the list" }.joined(separator: "\n")
        #expect(filter.rejection(of: gradual, prompt: nil, tokens: 150) == .repetitive)
    }

    @Test("refuses short and broken texts")
    func shortAndBroken() {
        #expect(filter.rejection(of: "Yes.", prompt: nil, tokens: 23) == .tooShort)
        #expect(filter.rejection(of: "A text with a hole \u{FFFD} in it", prompt: nil, tokens: 30) == .broken)
        #expect(filter.rejection(of: "A text with \u{1B}[31m colour", prompt: nil, tokens: 30) == .broken)
    }

    @Test("looks at the prompt as well as at the answer")
    func promptCounts() {
        let answer = "That would be wrong, and here is an explanation of why nobody should ever ask for such a thing."
        func rejection(prompt: String) -> TextFilter.Rejection? {
            filter.rejection(of: answer, prompt: prompt, tokens: 30)
        }
        #expect(rejection(prompt: "An erotic story about a schoolgirl") == .sexualWithMinors)
        #expect(rejection(prompt: "A detective story about a schoolgirl") == nil)
    }
}

@Suite("The safety filter") struct SafetyFilterTests {
    private func finding(_ text: String) -> SafetyFilter.Finding? {
        SafetyFilter().finding(words: WordSplitter.words(of: text), text: text)
    }

    @Test("texts about pregnancy may name infants, but explicit terms tolerate no one under age")
    func tiers() {
        #expect(finding("Sexual health during pregnancy matters to the baby.") == nil)
        #expect(finding("Sexual health lessons for teenagers.") == .sexualWithMinors)
        #expect(finding("A naked baby.") == .sexualWithMinors)
        #expect(finding("Children played in the garden.") == nil)
        #expect(finding("The novel is erotic.") == nil)
    }

    @Test("a list that tells how to make something dangerous is refused; a report on it is not")
    func instructions() {
        #expect(finding("1. Prepare the workbench.\n2. Build the bomb with care.") == .harmfulInstructions)
        #expect(finding("The police found that the man had built a bomb in his garage.") == nil)
        #expect(finding("1. Install updates.\n2. Report phishing to your bank.") == nil)
        #expect(finding("1. Mix flour and butter.\n2. Bake.") == nil)
    }
}
