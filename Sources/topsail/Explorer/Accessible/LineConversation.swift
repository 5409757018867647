import Foundation

/// Questions and answers in lines, for screen readers: nothing is drawn over, and every choice has a number.
struct LineConversation {
    /// Says something on a line of its own.
    func say(_ text: String = "") {
        StandardOutput.line(text)
    }

    /// Asks and waits for a line.
    ///
    /// - Returns: `nil` at the end of the input.
    func ask(_ question: String) -> String? {
        StandardOutput.write(question + " ")
        StandardOutput.flush()
        return readLine()?.trimmingCharacters(in: .whitespaces)
    }
}
