import TerminalKit

/// What `y` offers. Copies hold the original text, not its printable form.
extension ExplorerState {
    func copyChoice() -> Choice {
        guard let key = current else { return Choice(.copy, title: "Copy", items: []) }
        let id = fullName(of: key)
        let detail = browse.detail.flatMap { $0.key == key ? $0 : nil }
        let label = detail?.explanations.first?.text ?? labels[key]?.text
        var items = [Choice.Item(.copy(id, what: "the id"), "id", note: id)]
        if let label { items.append(Choice.Item(.copy(label, what: "the explanation"), "explanation")) }
        items.append(
            Choice.Item(
                .copy(tabSeparated(targets), what: "\(targets.count) rows"), "row as TSV", note: "\(targets.count)"))
        if let context = detail?.contexts.first {
            items.append(Choice.Item(.copy(context.text, what: "the context"), "strongest context"))
        }
        let command = "topsail neuron \(id)"
        items.append(Choice.Item(.copy(command, what: "the command"), "shell command", note: command))
        if screen == .live {
            items.append(Choice.Item(.copy(live.editor.text, what: "the prompt"), "prompt"))
            if !live.answerText.isEmpty {
                items.append(Choice.Item(.copy(live.answerText, what: "the answer"), "answer"))
            }
        }
        return Choice(.copy, title: "Copy", items: items)
    }

    /// One line a neuron: id, max, density, score, explanation.
    private func tabSeparated(_ keys: [NeuronKey]) -> String {
        keys.map { key in
            let row = browse.rows.position(of: key).flatMap { browse.rows[$0] }
            let fields = [
                fullName(of: key), row?.max.map { "\($0)" }, row?.density.map { "\($0)" }, row?.score.map { "\($0)" },
                (row?.label ?? labels[key]?.text)?.replacing("\t", with: " ").replacing("\n", with: " "),
            ]
            return fields.map { $0 ?? "" }.joined(separator: "\t")
        }.joined(separator: "\n")
    }
}
