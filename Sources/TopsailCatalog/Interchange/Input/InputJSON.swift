/// Files of JSON, plain or gzip. Errors get the file and the place.
enum InputJSON {
    /// Reads a file that is one document.
    ///
    /// - Parameter place: Where in it reading has come to, for errors.
    static func document(
        _ path: String, place: () -> String = { "" }, _ body: (inout JSONPull) throws -> Void
    ) throws {
        do {
            try InputBytes.whole(path) { bytes in
                var json = JSONPull(bytes)
                try body(&json)
                try json.end()
            }
        } catch {
            throw InterchangeError.placing(error, path: path, place: place())
        }
    }

    /// Reads a file of records: a `.json` file is one, over however many lines; in others each line is one.
    ///
    /// - Parameter what: What a record is called where it stands alone.
    static func records(
        _ path: String, as what: String, _ body: (_ json: inout JSONPull, _ place: String) throws -> Void
    ) throws {
        if path.hasSuffix(".json") || path.hasSuffix(".json.gz") {
            return try document(path) { try body(&$0, what) }
        }
        try InputLines.read(path) { line, number in
            var json = JSONPull(line)
            try body(&json, "line \(number)")
            try json.end()
        }
    }
}
