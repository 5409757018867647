import TerminalKit

/// The mouse in texts being typed: a click puts the cursor there.
extension ExplorerState {
    /// - Returns: Whether the click fell into a text that has the keys.
    mutating func clickInEditor(_ position: Position) -> Bool {
        switch overlay {
        case .choice(var choice):
            guard choice.picker.clickQuery(position, in: ChoiceView.query(of: choice, in: size)) else { return false }
            overlay = .choice(choice)
        case .line(var dialog):
            guard dialog.editor.click(position, in: LineDialogView.editor(in: size)) else { return false }
            overlay = .line(dialog)
        case .writing(var dialog):
            guard dialog.editor.click(position, in: WritingView.editor(in: size)) else { return false }
            overlay = .writing(dialog)
        case .pair(var dialog):
            let fields = PairDialog.Field.allCases
            guard let field = fields.first(where: { PairDialogView.editor(of: $0, in: size).contains(position) }) else {
                return false
            }
            dialog.field = field
            dialog[field].click(position, in: PairDialogView.editor(of: field, in: size))
            overlay = .pair(dialog)
        case .export(var dialog):
            if let format = ExportView.format(of: dialog, at: position, in: size, glyphs: theme.glyphs) {
                dialog.field = .format
                dialog.choose(format)
            } else if dialog.path.click(position, in: ExportView.path(in: size)) {
                dialog.field = .path
            } else {
                return false
            }
            overlay = .export(dialog)
        case .messages, .jobs, .batch, .commands: return false
        case nil: return clickInLine(position)
        }
        return true
    }

    /// The lines typed inside of panes.
    private mutating func clickInLine(_ position: Position) -> Bool {
        if let area = searchLineArea { return search.line?.click(position, in: area) ?? false }
        switch screen {
        case .browse:
            let area = BrowseLayout(self).filterEditor
            return browse.filterLine?.click(position, in: area) ?? false
        case .contrast:
            let area = ContrastLayout(self).filterEditor(self)
            return contrast.filterLine?.click(position, in: area) ?? false
        case .live, .checkpoints: return false
        }
    }
}
