extension KeyMap {
    /// Every binding there is. Only keys that all terminals send; `Ctrl-B A S Q W T N` are left to tmux, screen, flow
    /// control and web terminals.
    static let standardBindings: [Binding] =
        everywhere + moving + neurons + browse + live + contrast
        + checkpoints

    private static let everywhere: [Binding] = [
        Binding(.help, in: .anywhere, "?", short: "help", "list and search the keys of this pane", hint: 0),
        Binding(.help, in: .always, "F1", short: "help", "list and search the keys of this pane", hint: 0),
        Binding(
            .palette, in: .anywhere, ":", short: "command", "run any command by name, or go to a neuron by number",
            hint: 8),
        Binding(
            .palette, in: .always, "Ctrl-P", short: "command", "run any command by name, or go to a neuron by number",
            hint: 8),
        Binding(
            .showBrowse, in: .anywhere, "1", short: "Browse", "show the neurons of the catalog by category",
            shell: "topsail neurons"),
        Binding(
            .showLive, in: .anywhere, "2", short: "Live", "show which neurons fire on a prompt while you type",
            shell: "topsail encode"),
        Binding(
            .showContrast, in: .anywhere, "3", short: "Contrast",
            "show which neurons tell a concept from its absence", shell: "topsail contrast --pairs FILE"),
        Binding(
            .showCheckpoints, in: .anywhere, "4", short: "Checkpoints",
            "compare SAEs, and check that they fit the model",
            shell: "topsail sae list"),
        Binding(.showJobs, in: .anywhere, "J", short: "jobs", "list work under way, and stop it"),
        Binding(
            .showCommands, in: .anywhere, "L", short: "commands",
            "what was shown so far, as commands to copy and to run again"),
        Binding(.back, in: .anywhere, "Esc", short: "back", "one step out: run, filter, marks, pane"),
        Binding(.quit, in: .anywhere, "q", short: "quit", "leave Topsail; nothing is unsaved"),
        Binding(.redraw, in: .always, "Ctrl-L", short: "redraw", "draw the whole screen again"),
        Binding(.suspend, in: .always, "Ctrl-Z", short: "suspend", "stop Topsail until fg"),
        Binding(.interrupt, in: .always, "Ctrl-C", short: "cancel", "cancel work under way; twice quits"),
        Binding(
            .toggleMouse, in: .anywhere, "M", short: "mouse", "hand the mouse back to the terminal, or take it again"),
        Binding(
            .toggleBars, in: .anywhere, "b", short: "bars", "show activations as a row of bars under the tokens as well"
        ),
        Binding(.tour, in: .anywhere, "", short: "tour", "go through the screens once, in five steps"),
        Binding(.showMessages, in: .anywhere, "", short: "log", "show the messages so far (log)"),
        Binding(.saveScreen, in: .always, "", short: "save screen", "write what is on the screen to a text file"),
        Binding(.darkTheme, in: .always, "", short: "dark", "theme dark: for dark backgrounds"),
        Binding(.lightTheme, in: .always, "", short: "light", "theme light: for light backgrounds"),
        Binding(.monoTheme, in: .always, "", short: "mono", "theme mono: no colours"),
        Binding(.highContrastTheme, in: .always, "", short: "contrast", "theme high-contrast: strongest colours"),
    ]

    private static let noBorder: @Sendable (ExplorerState) -> String? = {
        $0.splitOfFocus == nil ? "this pane has no border that can be moved" : nil
    }

    private static let moving: [Binding] = [
        Binding(.up, in: .anywhere, "k Up", short: "up", "one row up"),
        Binding(.down, in: .anywhere, "j Down", short: "down", "one row down"),
        Binding(.left, in: .anywhere, "h Left", short: "left", "pane or token to the left"),
        Binding(.right, in: .anywhere, "l Right", short: "right", "pane or token to the right"),
        Binding(.pageUp, in: .anywhere, "PgUp", short: "page up", "one page up"),
        Binding(.pageDown, in: .anywhere, "PgDn", short: "page down", "one page down"),
        Binding(.halfPageUp, in: .anywhere, "Ctrl-U", short: "half up", "half a page up"),
        Binding(.halfPageDown, in: .anywhere, "Ctrl-D", short: "half down", "half a page down"),
        Binding(.first, in: .anywhere, "g Home", short: "first", "first row"),
        Binding(.last, in: .anywhere, "G End", short: "last", "last row"),
        Binding(.nextPane, in: .always, "Tab", short: "pane", "next pane", hint: 20),
        Binding(.previousPane, in: .always, "Shift-Tab", short: "pane", "previous pane"),
        Binding(
            .zoom, in: .anywhere, "z", short: "zoom", "make this pane as large as the screen, or as small as it was",
            hint: 24),
        Binding(
            .largerPane, in: .anywhere, ">", short: "larger", "make this pane larger; a border can be dragged as well",
            unavailable: noBorder),
        Binding(.smallerPane, in: .anywhere, "<", short: "smaller", "make this pane smaller", unavailable: noBorder),
        Binding(
            .resetPanes, in: .anywhere, "", short: "reset panes", "give all panes the size they had at first",
            unavailable: { $0.splits.isEmpty ? "no pane has another size" : nil }),
        Binding(
            .goBack, in: .anywhere, "[", short: "back", "back to where you were",
            unavailable: { $0.history.back.isEmpty ? "there is nowhere to go back to" : nil }),
        Binding(
            .goForward, in: .anywhere, "]", short: "forward", "forward again",
            unavailable: { $0.history.forward.isEmpty ? "there is nowhere to go forward to" : nil }),
    ]

    private static let noNeuron: @Sendable (ExplorerState) -> String? = {
        $0.targets.isEmpty ? "no neuron is selected" : nil
    }

    private static let neurons: [Binding] = [
        Binding(
            .tag, in: .anywhere, "t", short: "tag", "put a category on the marked or selected neurons, or take it off",
            shell: "topsail tag add NEURON SLUG", hint: 12, unavailable: noNeuron),
        Binding(
            .explain, in: .anywhere, "e", short: "edit", "write your own explanation of the selected neuron",
            shell: "topsail explanation set NEURON TEXT", hint: 14, unavailable: noNeuron),
        Binding(
            .note, in: .anywhere, "a", short: "note", "write a note about the selected neuron",
            shell: "topsail note NEURON TEXT", unavailable: noNeuron),
        Binding(
            .export, in: .anywhere, "x", short: "export",
            "write the marked neurons, or all that the table shows, to a file",
            shell: "topsail export csv --output FILE", hint: 13),
        Binding(
            .copy, in: .anywhere, "y", short: "copy", "copy id, label, row or contexts", hint: 22, unavailable: noNeuron
        ),
        Binding(
            .neighbours, in: .anywhere, "f", short: "near", "go to one of the nearest neurons",
            unavailable: {
                $0.browse.detail?.similar.isEmpty == false ? nil : "no neighbours are known for this neuron"
            }),
        Binding(
            .addToList, in: .anywhere, "m", short: "list", "put the marked or selected neurons on a list of yours",
            shell: "topsail list add NAME NEURON", unavailable: noNeuron),
        Binding(
            .tryNeuron, in: .anywhere, "p", short: "try", "pin the selected neuron and see where it fires on any text",
            unavailable: { state in
                noNeuron(state)
                    ?? (state.screen == .live ? "the neuron is here already; \(state.keyName(of: .pin)) pins it" : nil)
            }),
        Binding(
            .shield, in: .anywhere, "H", short: "hide",
            "hide the texts of the selected category, or of all, until they are asked for"),
        Binding(
            .unveil, in: .anywhere, "w", short: "show texts", "show the hidden texts of the selected neuron",
            hint: 10, unavailable: { $0.veil == nil && $0.unveiled == nil ? "nothing is hidden here" : nil }),
        Binding(
            .undo, in: .anywhere, "u", short: "undo", "undo the last change of tags, explanations or notes",
            shell: "topsail undo", hint: 23),
        Binding(.redo, in: .anywhere, "Ctrl-R", short: "redo", "do again what was undone"),
    ]

    private static let noSearch: @Sendable (ExplorerState) -> String? = {
        $0.nothingToSearch
            ?? ($0.search.words.isEmpty ? "nothing is searched for; \($0.keyName(of: .search)) begins" : nil)
    }

    /// The keys of a pane of running text.
    private static func searching(
        in context: KeyContext, _ long: String, hint: Int? = nil,
        unavailable: @escaping @Sendable (ExplorerState) -> String?
    ) -> [Binding] {
        [
            Binding(.search, in: context, "/", short: "search", long, hint: hint, unavailable: unavailable),
            Binding(
                .nextMatch, in: context, "n", short: "next", "next place where the words stand",
                hint: hint.map { $0 + 1 }, unavailable: noSearch),
            Binding(
                .previousMatch, in: context, "N", short: "previous", "the place before", unavailable: noSearch),
        ]
    }

    private static let browse: [Binding] =
        [
            Binding(
                .open, in: .tree, "Enter", short: "open", "open or close the domain, or go on to its neurons", hint: 11),
            Binding(.open, in: .table, "Enter", short: "open", "read about the selected neuron", hint: 11),
            Binding(
                .open, in: .detail, "Enter", short: "near", "go to one of the nearest neurons", hint: 11,
                unavailable: {
                    $0.browse.detail?.similar.isEmpty == false ? nil : "no neighbours are known for this neuron"
                }),
            Binding(
                .open, in: .side, "Enter", short: "go", "go to the selected neighbour", hint: 11,
                unavailable: {
                    $0.browse.detail?.similar.isEmpty == false ? nil : "no neighbours are known for this neuron"
                }),
        ] + searching(in: .detail, "search in the text of this page", hint: 9) { $0.nothingToSearch } + [
            Binding(
                .filter, in: .browse, "/", short: "filter",
                "filter: words, max>5 dens<.1 score>.5 tag:slug layer:14 has:note",
                shell: "topsail neurons --search WORDS",
                hint: 9),
            Binding(
                .savedQueries, in: .browse, "Q", short: "saved", "choose one of your saved filters, or take it away",
                shell: "topsail query list"),
            Binding(
                .saveQuery, in: .browse, "W", short: "save filter", "keep the filter on show under a name of yours",
                shell: "topsail query save NAME FILTER", unavailable: ExplorerState.nothingToSave),
            Binding(
                .sort, in: .browse, "s", short: "sort", "sort by evidence, score, max, density or id in turn",
                shell: "topsail neurons --sort score", hint: 15),
            Binding(.reverseSort, in: .browse, "S", short: "reverse", "reverse the order"),
            Binding(
                .mark, in: .browse, "Space", short: "mark", "mark the row; commands act on marked rows", hint: 16,
                unavailable: noNeuron),
            Binding(
                .markRange, in: .browse, "v", short: "range", "mark all rows from the last mark to here",
                unavailable: { $0.browse.marks.isEmpty ? "mark a row with \($0.keyName(of: .mark)) first" : nil }),
            Binding(
                .invertMarks, in: .browse, "*", short: "invert",
                "mark all rows of the list that are not marked, and no others",
                unavailable: { state in
                    let total = state.browse.rows.total ?? 0
                    if total == 0 { return "the list is empty" }
                    let limit = ExplorerState.markLimit
                    return total <= limit
                        ? nil
                        : "\(Figures.count(total)) rows are too many to mark, \(Figures.count(limit)) can be; filter first"
                }),
            Binding(.flatTree, in: .browse, "o", short: "flat", "show the categories as a flat list, or as a tree"),
            Binding(.more, in: .browse, "+ =", short: "more", "show more of each context: a row, some rows, all of it"),
            Binding(.less, in: .browse, "-", short: "less", "show less of each context"),
        ]

    private static let noModel: @Sendable (ExplorerState) -> String? = { state in
        switch state.live.model {
        case .failed: "the model could not be loaded"
        case .absent(let reason): reason
        default: nil
        }
    }

    private static let noContinuation: @Sendable (ExplorerState) -> String? = {
        noModel($0) ?? $0.live.whyNotContinued
    }

    private static let live: [Binding] =
        [
            Binding(
                .open, in: .meter, "Enter", short: "evidence", "list the neurons behind the selected category's score",
                hint: 4, unavailable: { $0.live.categories.isEmpty ? "no category is scored yet" : nil }),
            Binding(
                .continueAnswer, in: .answerPane, "Enter +", short: "go on",
                "go on with an answer that was cut at the limit or stopped", hint: 4, unavailable: noContinuation),
        ] + searching(in: .answerPane, "search in the answer", hint: 9) { $0.nothingToSearch } + [
            Binding(
                .continueAnswer, in: .live, "+", short: "go on",
                "go on with an answer that was cut at the limit or stopped", hint: 5, unavailable: noContinuation),
            Binding(
                .sampling, in: .live, "A", short: "sampling",
                "set how long answers may be, their temperature and seed, for this sitting",
                shell: "topsail config --default", unavailable: noModel),
            Binding(
                .answer, in: .promptEditor, "Enter", short: "answer", "let the model answer the prompt",
                shell: "topsail generate --text T --chat", hint: 2, unavailable: noModel),
            Binding(
                .newLine, in: .promptEditor, "Alt-Enter", short: "new line", "begin a new line in the prompt", hint: 3),
            Binding(
                .leaveEditor, in: .promptEditor, "Esc", short: "to the tokens", "leave the editor for the tokens",
                hint: 4),
            Binding(.editPrompt, in: .live, "i", short: "edit", "edit the prompt", hint: 3),
            Binding(
                .rerun, in: .live, "r", short: "answer", "let the model answer again",
                shell: "topsail generate --text T --chat", hint: 5, unavailable: noModel),
            Binding(
                .open, in: .live, "Enter", short: "open", "open the selected neuron in Browse", hint: 4,
                unavailable: noNeuron),
            Binding(
                .pin, in: .live, "Space", short: "pin", "keep the selected neuron at the top while the prompt changes",
                hint: 6, unavailable: noNeuron),
            Binding(
                .colouring, in: .live, "c", short: "colour",
                "colour tokens by neuron, strongest, category, surprisal, or not at all", hint: 7),
            Binding(
                .hold, in: .live, "d", short: "compare",
                "hold this prompt as A and compare it with what is typed then, or end that", hint: 8,
                unavailable: noModel),
            Binding(
                .hold, in: .promptEditor, "Alt-d", short: "compare",
                "hold this prompt as A and compare it with what is typed then, or end that", unavailable: noModel),
            Binding(
                .systemMessage, in: .live, "S", short: "system", "write the system message of the chat template",
                unavailable: {
                    $0.live.hasChatTemplate && $0.live.usesChatTemplate ? nil : "there is no chat template to put it in"
                }),
            Binding(
                .openPrompts, in: .live, "O", short: "prompts", "open a file of prompts and choose one",
                shell: "topsail encode --file FILE"),
            Binding(
                .batch, in: .live, "B", short: "batch",
                "read all prompts of a file, or show again what that found", shell: "topsail assess --file FILE",
                unavailable: noModel),
            Binding(
                .byLayer, in: .live, "o", short: "by layer", "group the neurons of the token by layer",
                unavailable: { $0.live.saes.count > 1 ? nil : "there is only one SAE" }),
            Binding(
                .chatTemplate, in: .live, "T", short: "template", "read the prompt as a chat message, or as plain text",
                hint: 17, unavailable: { $0.live.hasChatTemplate ? nil : "the model has no chat template" }),
            Binding(
                .chatTemplate, in: .promptEditor, "Alt-t", short: "template",
                "read the prompt as a chat message, or as plain text",
                unavailable: { $0.live.hasChatTemplate ? nil : "the model has no chat template" }),
        ]

    private static let noPairs: @Sendable (ExplorerState) -> String? = { $0.noPairs }

    private static let notRead: @Sendable (ExplorerState) -> String? = { state in
        state.contrast.finding != nil
            ? nil : noPairs(state) ?? "this concept's pairs were not read yet; \(state.keyName(of: .open)) reads them"
    }

    private static let contrast: [Binding] = [
        Binding(
            .open, in: .concepts, "Enter", short: "run", "read the concept's pairs, or go on to what they showed",
            hint: 2,
            unavailable: noPairs),
        Binding(
            .open, in: .contrastNeurons, "Enter", short: "open",
            "open the selected neuron in Browse; before there are any, read the concept's pairs", hint: 2,
            unavailable: { state in
                noPairs(state) ?? (state.contrast.finding == nil ? nil : noNeuron(state))
            }),
        Binding(
            .open, in: .pairs, "Enter", short: "compare", "read the two prompts side by side in Live", hint: 2,
            unavailable: noPairs),
        Binding(
            .rerun, in: .contrast, "r", short: "run", "read this concept's pairs with the model",
            shell: "topsail contrast --pairs FILE", hint: 3, unavailable: noPairs),
        Binding(
            .runAll, in: .contrast, "R", short: "run all", "read the pairs of every concept", hint: 4,
            unavailable: noPairs),
        Binding(.newPair, in: .contrast, "n", short: "new pair", "write a contrast pair of your own", hint: 5),
        Binding(
            .changePair, in: .contrast, "E", short: "change", "change the selected pair, or take it away",
            unavailable: {
                $0.contrast.selectedPair?.isOwn == true
                    ? nil : "only pairs of your own can be changed; \($0.keyName(of: .newPair)) writes one"
            }),
        Binding(
            .openFile, in: .contrast, "o", short: "file", "open a file of contrast pairs", hint: 6),
        Binding(
            .filter, in: .contrast, "/", short: "filter",
            "filter the concepts, or the neurons where those have the focus, by words", hint: 9,
            unavailable: { state in
                if state.contrast.filtersConcepts {
                    return state.contrast.concepts.isEmpty ? state.noPairs : nil
                }
                return notRead(state)
            }),
        Binding(
            .sort, in: .contrast, "s", short: "sort", "sort the neurons by q, frequency, effect, AUROC or id in turn",
            hint: 10, unavailable: notRead),
        Binding(
            .reverseSort, in: .contrast, "S", short: "reverse", "reverse the order of the neurons",
            unavailable: notRead),
        Binding(
            .swapSides, in: .contrast, "X", short: "swap sides",
            "list the neurons that fire only without the concept, or again those that fire only with it", hint: 7,
            unavailable: notRead),
        Binding(
            .mark, in: .contrastNeurons, "Space", short: "mark", "mark the neuron; commands act on marked ones",
            hint: 16,
            unavailable: noNeuron),
    ]

    private static let noCheckpoint: @Sendable (ExplorerState) -> String? = { state in
        guard let selected = state.checkpoints.selected else { return "no SAE is selected" }
        return selected.path == nil ? "its files are not here" : nil
    }

    private static let checkpoints: [Binding] =
        [
            Binding(
                .open, in: .checkpoints, "Enter", short: "open", "browse the SAE's neurons, or read what its files say",
                hint: 2, unavailable: { $0.checkpoints.selected == nil ? "no SAE is selected" : nil }),
            Binding(
                .checkFit, in: .checkpoints, "c", short: "check fit", "measure whether the SAE belongs to the model",
                shell: "topsail evaluate --sae SAE --file FILE", hint: 3, unavailable: noCheckpoint),
            Binding(
                .openFile, in: .checkpoints, "o", short: "open file", "open any checkpoint file or folder",
                shell: "topsail sae info PATH", hint: 4),
            Binding(
                .mark, in: .checkpoints, "Space", short: "mark", "mark the SAE; two marked ones can be compared",
                hint: 5,
                unavailable: { $0.checkpoints.selected == nil ? "no SAE is selected" : nil }),
            Binding(
                .compare, in: .checkpoints, "d", short: "compare",
                "match the neurons of two marked SAEs by what they write",
                hint: 6,
                unavailable: { $0.checkpoints.pair == nil ? "mark two SAEs with \($0.keyName(of: .mark)) first" : nil }),
            Binding(
                .sort, in: .checkpoints, "s", short: "sort",
                "sort by name, L0, explained variance, loss or I_CDF in turn",
                hint: 15),
            Binding(.reverseSort, in: .checkpoints, "S", short: "reverse", "reverse the order"),
        ]
        + searching(in: .checkpoints, "search in the text about the SAE") { state in
            state.nothingToSearch.map { _ in
                "\(state.keyName(of: .search)) searches in the details; \(state.keyName(of: .nextPane)) goes there"
            }
        }
}
