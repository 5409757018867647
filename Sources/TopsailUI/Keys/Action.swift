/// Everything that a key, the palette or a script can ask the explorer to do.
///
/// The raw value is the name in recorded sessions and in a key configuration.
public enum Action: String, Sendable, Hashable, CaseIterable {
    // Everywhere
    case help, palette, back, quit, redraw, suspend, interrupt
    case showBrowse = "browse"
    case showLive = "live"
    case showContrast = "contrast"
    case showCheckpoints = "checkpoints"
    case showJobs = "jobs"
    case showCommands = "session"
    case toggleMouse = "mouse"
    case toggleBars = "bars"
    case showMessages = "messages"
    case saveScreen = "save-screen"
    case tour
    case darkTheme = "theme-dark"
    case lightTheme = "theme-light"
    case monoTheme = "theme-mono"
    case highContrastTheme = "theme-high-contrast"

    // Moving
    case up, down, left, right
    case pageUp = "page-up"
    case pageDown = "page-down"
    case halfPageUp = "half-page-up"
    case halfPageDown = "half-page-down"
    case first, last
    case nextPane = "next-pane"
    case previousPane = "previous-pane"
    case zoom, open
    case largerPane = "larger-pane"
    case smallerPane = "smaller-pane"
    case resetPanes = "reset-panes"
    case goBack = "go-back"
    case goForward = "go-forward"

    // Searching in a text
    case search
    case nextMatch = "next-match"
    case previousMatch = "previous-match"

    // Neurons
    case filter, sort
    case reverseSort = "reverse-sort"
    case mark
    case markRange = "mark-range"
    case invertMarks = "invert-marks"
    case flatTree = "flat-tree"
    case tag, explain, note, export, copy, undo, redo
    case neighbours
    case addToList = "add-to-list"
    case tryNeuron = "try-neuron"
    case shield = "hide-texts"
    case unveil = "show-texts"
    case more, less
    case saveQuery = "save-filter"
    case savedQueries = "saved-filters"

    // Live
    case editPrompt = "edit-prompt"
    case answer
    case newLine = "new-line"
    case leaveEditor = "leave-editor"
    case colouring
    case chatTemplate = "chat-template"
    case pin, rerun
    case continueAnswer = "continue-answer"
    case sampling = "answer-settings"
    case byLayer = "by-layer"
    case hold = "hold-prompt"
    case systemMessage = "system-message"
    case openPrompts = "open-prompts"
    case batch = "read-prompts"

    // Contrast and checkpoints
    case runAll = "run-all"
    case newPair = "new-pair"
    case changePair = "change-pair"
    case openFile = "open-file"
    case swapSides = "swap-sides"
    case compare
    case checkFit = "check-fit"
}
