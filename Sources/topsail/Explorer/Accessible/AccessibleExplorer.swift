import Foundation
import TopsailCore
import TopsailEngine
import TopsailUI

/// The explorer as a conversation: prompts with numbers, one fact a line, no boxes and no redraws.
struct AccessibleExplorer {
    private let services: ExplorerServices
    private let talk = LineConversation()

    init(services: ExplorerServices) { self.services = services }

    /// Ends with `q` or the end of the input.
    func run() async throws {
        let summary = try await services.neuronLibrary.summary()
        let categories = try await services.neuronLibrary.categories()
        talk.say("Topsail. \(categories.all) neurons of \(summary.modelName ?? "no model").")
        while true {
            talk.say("1 categories. 2 all neurons by score. 3 search. 4 one neuron. 5 read a prompt. 6 SAEs. q leaves.")
            guard let answer = talk.ask("Your choice?") else { return }
            do {
                switch answer {
                case "1": try await chooseCategory(summary)
                case "2": try await list(NeuronQuery(sort: .score), named: "All neurons", summary)
                case "3": try await search(summary)
                case "4": try await find(summary)
                case "5": try await readPrompt(summary)
                case "6": try await listSAEs()
                case "q": return
                default: talk.say("Give one of the numbers, or q.")
                }
            } catch let error as any UserFacingError {
                talk.say("Error: \(error.description)." + (error.hint.map { " \($0)." } ?? ""))
            }
        }
    }

    // MARK: Lists

    private func chooseCategory(_ summary: LibrarySummary) async throws {
        let nodes = try await services.neuronLibrary.categories().nodes
        for (number, node) in nodes.enumerated() {
            let level = node.parent == nil ? "" : "under \(node.parent!), "
            talk.say("\(number + 1) \(PrintableText.printable(node.label)), \(level)\(node.count) neurons.")
        }
        guard let answer = talk.ask("Which category? Empty goes back."), let number = Int(answer) else { return }
        guard nodes.indices.contains(number - 1) else { return talk.say("There is no category \(number).") }
        let node = nodes[number - 1]
        try await list(NeuronQuery(scope: .category(node.slug)), named: node.label, summary)
    }

    private func search(_ summary: LibrarySummary) async throws {
        guard let words = talk.ask("Words, or fields such as max>5?"), !words.isEmpty else { return }
        try await list(NeuronQuery(filter: FilterExpression.parse(words)), named: "Matches", summary)
    }

    private static let pageSize = 10

    private func list(_ query: NeuronQuery, named name: String, _ summary: LibrarySummary) async throws {
        var start = 0
        while true {
            let page = try await services.neuronLibrary.page(
                of: query, rows: start..<start + Self.pageSize, anchor: nil)
            guard page.total > 0 else { return talk.say("\(name): no neurons.") }
            let end = start + page.rows.count
            talk.say("\(PrintableText.printable(name)): \(start + 1) to \(end) of \(page.total).")
            for (number, entry) in page.rows.enumerated() {
                let label = entry.label.map { PrintableText.printable($0) } ?? "not explained"
                let score = entry.score.map { ", score \(Figures.short($0))" } ?? ""
                talk.say("\(number + 1) neuron \(summary.id(of: entry.key)): \(label)\(score).")
            }
            let more = end < page.total ? " n the next ones." : ""
            guard let answer = talk.ask("A number opens a neuron.\(more) Empty goes back."), !answer.isEmpty else {
                return
            }
            if answer == "n", end < page.total {
                start = end
            } else if let number = Int(answer), page.rows.indices.contains(number - 1) {
                try await tell(page.rows[number - 1].key, summary)
            } else {
                talk.say("There is no \(PrintableText.printable(answer)) here.")
            }
        }
    }

    private func listSAEs() async throws {
        for entry in try await services.checkpoints.checkpoints() {
            talk.say("\(PrintableText.printable(entry.name)): \(entry.architecture), \(entry.dSAE) neurons.")
            for (name, words) in [
                ("l0", "active neurons a token"), ("explained_variance", "of the variance explained"),
                ("ce_recovered", "of the cross-entropy recovered"), ("i_cdf", "I_CDF"),
            ] {
                if let value = entry.metrics[name] { talk.say("  \(Figures.short(value)) \(words).") }
            }
        }
    }

    // MARK: Neurons

    private func find(_ summary: LibrarySummary) async throws {
        guard let text = talk.ask("Which neuron? For example 14_1424."), !text.isEmpty else { return }
        try await tell(try await services.neuronLibrary.find(text, in: summary.saes.first?.name), summary)
    }

    private func tell(_ key: NeuronKey, _ summary: LibrarySummary) async throws {
        let profile = try await services.neuronLibrary.profile(of: key)
        talk.say("Neuron \(summary.id(of: key)).")
        for explanation in profile.explanations {
            guard let text = explanation.text else { continue }
            let author = explanation.source == "human" ? "You say" : "By \(explanation.source)"
            let score = explanation.scores.first.map { ", \($0.scorer) score \(Figures.short($0.value))" } ?? ""
            talk.say("\(author)\(score): \(PrintableText.printable(text))")
        }
        let tags = profile.tags.filter { !$0.isRejected }.map { PrintableText.printable($0.label) }
        talk.say(tags.isEmpty ? "No tags." : "Tags: \(tags.joined(separator: ", ")).")
        if let max = profile.statistics.maxActivation { talk.say("Largest activation \(Figures.short(Double(max))).") }
        if let density = profile.statistics.density { talk.say("Fires on \(Figures.percent(density)) of the tokens.") }
        let promoted = profile.promoted.prefix(5).map { PrintableText.printable($0.text) }
        if !promoted.isEmpty { talk.say("Raises: \(promoted.joined(separator: ", ")).") }
        for (number, context) in profile.contexts.filter({ $0.band == 0 }).prefix(3).enumerated() {
            guard let peak = context.peak else { continue }
            talk.say("Context \(number + 1): \(PrintableText.printable(context.tokens.joined()))")
            let token = PrintableText.chip(context.tokens[peak])
            talk.say("  strongest on \(token): \(Figures.short(Double(context.max))).")
        }
        while let answer = talk.ask("t tags it, e explains it, u undoes the last change. Empty goes back."),
            !answer.isEmpty
        {
            switch answer {
            case "t":
                guard let slug = talk.ask("Which category's slug, e.g. violence.threat?"), !slug.isEmpty else {
                    continue
                }
                try await services.neuronLibrary.setTag(slug, on: [key], isOn: true)
                talk.say("Tagged.")
            case "e":
                guard let text = talk.ask("When does it fire?"), !text.isEmpty else { continue }
                try await services.neuronLibrary.setExplanation(text, of: key)
                talk.say("Explained.")
            case "u": talk.say(try await services.neuronLibrary.undo() ?? "There is nothing to undo.")
            default: talk.say("Give t, e, u, or nothing.")
            }
        }
    }

    // MARK: Prompts

    private func readPrompt(_ summary: LibrarySummary) async throws {
        guard let text = talk.ask("The prompt?"), !text.isEmpty else { return }
        talk.say("Reading.")
        let report = try await services.live.report(on: LiveRequest(text: text, usesChatTemplate: true))
        let keys = Set(
            report.tokens.filter(\.isCounted).flatMap { token in
                token.features.prefix(1).map { NeuronKey(sae: report.saes[$0.sae].name, index: $0.index) }
            })
        let labels = try await services.neuronLibrary.labels(of: Array(keys))
        for token in report.tokens where token.isCounted {
            guard let feature = token.features.first else { continue }
            let key = NeuronKey(sae: report.saes[feature.sae].name, index: feature.index)
            let label = labels[key]?.text.map { PrintableText.printable($0) } ?? "not explained"
            let share = feature.normalised.map { ", \(Figures.short(Double($0))) of its 0.999 quantile" } ?? ""
            let strength = Figures.short(Double(feature.activation))
            talk.say("\(PrintableText.chip(token.text)): neuron \(summary.id(of: key)), \(label), \(strength)\(share).")
        }
        for category in report.categories.sorted(by: { $0.score > $1.score }).prefix(5) where category.score > 0.005 {
            talk.say("\(PrintableText.printable(category.label)), a guess: \(Figures.short(Double(category.score))).")
        }
    }
}
