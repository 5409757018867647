import ArgumentParser
import Foundation

/// One line on standard error that says how far something is.
final class ProgressLine {
    enum Style: String, ExpressibleByArgument, CaseIterable {
        case auto, plain, none
    }

    private enum Form { case overwritten, lines, none }

    private let form: Form
    private var last: ContinuousClock.Instant?
    private var isShown = false

    init(_ style: Style) {
        form =
            switch style {
            case .auto: StandardError.isTerminal ? .overwritten : .none
            case .plain: .lines
            case .none: .none
            }
    }

    deinit { clear() }

    /// Shows a text, unless the last one is too young: a tenth of a second on a terminal, five seconds for lines.
    func show(_ text: @autoclosure () -> String) {
        guard form != .none else { return }
        let now = ContinuousClock.now
        let pause: Duration = form == .lines ? .seconds(5) : .milliseconds(100)
        if let last, now - last < pause { return }
        last = now
        if form == .lines {
            StandardError.line(text())
        } else {
            StandardError.write("\r" + text() + "\u{1B}[K")
            isShown = true
        }
    }

    /// Takes the line away, so that what follows stands by itself.
    func clear() {
        if isShown { StandardError.write("\r\u{1B}[K") }
        isShown = false
    }
}
