extension UTF8Text {
    /// Where `\s+(?!\S)|\s+` ends, given a position on white space.
    ///
    /// A run takes all but its last character when something follows, so that the last can go with the word after it.
    func endOfWhitespace(from start: Int, to end: Int) -> Int {
        let endOfRun = endOfRun(.whitespace, from: start, to: end)
        guard endOfRun < end else { return endOfRun }
        let last = self.start(before: endOfRun)
        return last > start ? last : endOfRun
    }
}
