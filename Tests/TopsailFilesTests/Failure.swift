import Testing
import TopsailFiles

/// The `FileFormatError` that `body` throws; a test failure when it throws none or another.
func failure(sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void) throws -> FileFormatError {
    try #require(#expect(throws: FileFormatError.self, sourceLocation: sourceLocation, performing: body))
}

extension FileFormatError.Reason {
    /// The case's name, as the fixtures spell the classes of errors.
    var name: String { String("\(self)".prefix { $0 != "(" }) }
}
