/// A JSON text, checked and indexed once.
///
/// Foundation's parser gives dictionaries of `String`, which would merge keys that are canonically equivalent but
/// differ in their bytes. Here objects are lists of members and text is bytes. One pass fills a flat list of values;
/// nothing is copied until asked for.
package final class JSONDocument: Sendable {
    struct Value: Sendable {
        var kind: JSONNode.Kind
        /// The bytes of a string between its quotes, or of a number.
        var start: UInt32 = 0
        var end: UInt32 = 0
        /// Index of the value after this one and all it contains.
        var next: UInt32 = 0
    }

    let bytes: [UInt8]
    let values: [Value]

    /// Reads a text: strict RFC 8259, UTF-8 without byte order mark, at most 2 GiB, nested at most 64 deep.
    package init(_ bytes: [UInt8]) throws(JSONSyntaxError) {
        guard bytes.count < Int32.max else { throw JSONSyntaxError(offset: 0, problem: "more than 2 GiB of text") }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONSyntaxError(offset: 0, problem: "something that is not UTF-8")
        }
        var parser = JSONParser(bytes)
        values = try parser.parse()
        self.bytes = bytes
    }

    package var root: JSONNode { JSONNode(document: self, index: 0) }
}

/// Where a text stops being JSON.
package struct JSONSyntaxError: Error, Hashable {
    /// In bytes from the start.
    package var offset: Int
    package var problem: String
}
