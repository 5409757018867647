/// Puts numerals, `\p{N}`, apart from everything else.
struct DigitSplitter {
    var individual: Bool

    func endOfPiece(in text: UTF8Text, from start: Int, to end: Int) -> Int {
        let (first, second) = text.scalarClass(at: start)
        var position = second
        if first == .number { return individual ? position : text.endOfRun(.number, from: position, to: end) }
        while position < end {
            let (found, next) = text.scalarClass(at: position)
            guard found != .number else { break }
            position = next
        }
        return position
    }
}
