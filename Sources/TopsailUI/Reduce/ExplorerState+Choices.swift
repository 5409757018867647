import TerminalKit
import TopsailCatalog
import TopsailCore
import TopsailEngine

/// Making the lists and dialogs that lie over the screen.
extension ExplorerState {
    mutating func openDialog(for action: Action) {
        switch action {
        case .tag: overlay = .choice(tagChoice())
        case .explain: openWriting(.explanation)
        case .note: openWriting(.note)
        case .export: overlay = .export(exportDialog())
        case .copy: overlay = .choice(copyChoice())
        case .neighbours: overlay = .choice(neighbourChoice())
        default: break
        }
    }

    /// Every key that works here, then the movements.
    func helpChoice() -> Choice {
        let contexts = keyContexts.contains(.anywhere) ? keyContexts : keyContexts + [.anywhere]
        let items = keys.reachable(in: contexts).filter { !$0.chords.isEmpty }.map { binding in
            item(for: binding, title: "\(TextLayout.fit(binding.keyNames, to: 11)) \(binding.long)", note: "")
        }
        return Choice(.help, title: "Keys · \(screen.title)", items: items)
    }

    /// Every command by name; those of the pane with the focus first.
    func paletteChoice() -> Choice {
        let contexts =
            keyContexts
            + KeyContext.allCases.filter { context in
                !keyContexts.contains(context) && isOf(context, screen)
            }
        let items = keys.reachable(in: contexts).filter { !Self.isMovement($0.action) }.map { binding in
            item(for: binding, title: binding.name, note: binding.chords.first?.description ?? "")
        }
        return Choice(.palette, title: "Commands", items: items)
    }

    private func isOf(_ context: KeyContext, _ screen: Screen) -> Bool {
        switch context {
        case .tree, .table, .detail, .side, .browse: screen == .browse
        case .promptEditor, .tokens, .neuronLists, .meter, .answerPane, .live: screen == .live
        case .concepts, .pairs, .contrastNeurons, .contrast: screen == .contrast
        case .checkpoints: screen == .checkpoints
        case .anywhere, .always: true
        }
    }

    private static func isMovement(_ action: Action) -> Bool {
        switch action {
        case .up, .down, .left, .right, .pageUp, .pageDown, .halfPageUp, .halfPageDown, .first, .last, .back, .newLine,
            .leaveEditor, .palette, .open:
            true
        default: false
        }
    }

    private func item(for binding: Binding, title: String, note: String) -> Choice.Item {
        let reason = binding.unavailable(self)
        var about = [binding.long.prefix(1).uppercased() + binding.long.dropFirst() + "."]
        if !binding.chords.isEmpty { about.append("Keys: \(binding.keyNames)") }
        if let shell = binding.shell { about.append("Shell: \(shell)") }
        if let reason { about.append("Not now: \(reason).") }
        return Choice.Item(
            .action(binding.action), title, note: note, keywords: binding.long, about: about, unavailable: reason)
    }

    func tagChoice() -> Choice {
        let keys = targets
        let carried = tagsOfTargets(keys)
        let items = categories.nodes.map { node in
            let isOn = carried.contains(node.slug)
            let sign = isOn ? theme.glyphs.on : theme.glyphs.off
            let indent = node.parent == nil ? "" : "  "
            return Choice.Item(
                .tag(node.slug, isOn: isOn), "\(sign) \(indent)\(node.label)", note: node.slug,
                keywords: node.slug,
                about: [
                    node.description ?? node.label,
                    "On \(Figures.count(node.count)) neuron\(node.count == 1 ? "" : "s").",
                ])
        }
        let subject = keys.count == 1 ? fullName(of: keys[0]) : "\(keys.count) marked neurons"
        // In Contrast the concept at hand is the tag that is meant, unless the neurons are those of its absence.
        let wanted = screen == .contrast && !contrast.isSwapped ? contrast.concept?.slug : nil
        let query = categories.nodes.contains { $0.slug == wanted } ? wanted ?? "" : ""
        return Choice(.tags(keys), title: "Tag \(subject)", items: items, query: query)
    }

    /// Slugs that all targets are known to carry; for several targets none is, so that tags are put on.
    private func tagsOfTargets(_ keys: [NeuronKey]) -> Set<String> {
        guard keys.count == 1 else { return [] }
        if let detail = browse.detail, detail.key == keys[0] {
            return Set(detail.tags.filter { !$0.isRejected }.map(\.slug))
        }
        return Set(labels[keys[0]]?.categories ?? [])
    }

    private mutating func openWriting(_ subject: WritingDialog.Subject) {
        guard let key = current else { return }
        let detail = browse.detail.flatMap { $0.key == key ? $0 : nil }
        var dialog: WritingDialog
        switch subject {
        case .explanation:
            let own = detail?.explanations.first { $0.source == NeuronExplanation.humanSource }?.text
            let suggestion = detail?.explanations.first?.text ?? labels[key]?.text
            dialog = WritingDialog(subject, of: key, text: own ?? "", suggestion: own == nil ? suggestion ?? "" : "")
        case .note: dialog = WritingDialog(subject, of: key, text: detail?.notes.first ?? "")
        }
        dialog.editor.viewport = WritingView.editor(in: size).size
        overlay = .writing(dialog)
    }

    private func exportDialog() -> ExportDialog {
        switch screen {
        case .live:
            let keys = live.wholeRows.map(\.key)
            return ExportDialog(selection: .neurons(keys), count: keys.count)
        case .contrast:
            let chosen = contrast.side?.neurons.filter(\.isChosen) ?? []
            let sae = contrast.finding?.sae ?? ""
            let keys =
                contrast.marks.isEmpty ? chosen.map { NeuronKey(sae: sae, index: $0.index) } : contrast.marks
            return ExportDialog(selection: .neurons(keys), count: keys.count)
        case .browse, .checkpoints: break
        }
        return browse.marks.isEmpty
            ? ExportDialog(selection: .query(browse.query), count: browse.rows.total ?? 0)
            : ExportDialog(selection: .neurons(browse.marks), count: browse.marks.count)
    }

    private func neighbourChoice() -> Choice {
        func item(_ near: NeuronProfile.Neighbour, _ measure: String) -> Choice.Item {
            Choice.Item(
                .neuron(near.key),
                "\(name(of: near.key))  \(PrintableText.printable(near.label ?? theme.glyphs.missing))",
                note: measure + Figures.share(Double(near.cosine)))
        }
        let near = browse.detail?.similar ?? []
        let together = browse.detail?.coactive ?? []
        let items = near.map { item($0, "") } + together.map { item($0, "together ") }
        let title = together.isEmpty ? "Nearest by decoder cosine" : "Nearest by decoder cosine, and firing together"
        return Choice(.neighbours, title: title, items: items)
    }

    func pasteChoice(_ text: String) -> Choice {
        let start = TextLayout.truncate(PrintableText.printable(text), to: 40)
        return Choice(
            .paste(text), title: "Pasted \(Figures.count(text.count)) characters",
            items: [
                Choice.Item(.usePrompt(text), "use as prompt: \(start)"), Choice.Item(.dismiss, "leave it"),
            ])
    }
}

extension Choice {
    /// The same list, at the same place, with one tag turned on or off.
    func toggled(_ item: Int, theme: Theme) -> Choice {
        guard case .tag(let slug, let isOn) = items[item].value else { return self }
        var items = items
        let old = items[item]
        let sign = isOn ? theme.glyphs.off : theme.glyphs.on
        items[item] = Choice.Item(
            .tag(slug, isOn: !isOn), sign + old.shown.title.dropFirst(), note: old.shown.note,
            keywords: old.shown.keywords,
            about: old.about)
        var copy = Choice(purpose, title: title, items: items)
        copy.picker.paste(picker.query.text)
        for _ in 0..<picker.cursor.selected { _ = copy.picker.handle("Down", height: 1) }
        return copy
    }
}
