import TopsailFiles

/// A value in a `JSONDocument`.
package struct JSONNode: Sendable {
    package enum Kind: UInt8, Sendable {
        case null, `true`, `false`, number, string
        /// A string with at least one backslash in it.
        case escapedString
        case array, object
    }

    let document: JSONDocument
    let index: Int

    private var value: JSONDocument.Value { document.values[index] }

    package var kind: Kind { value.kind }
    package var isNull: Bool { kind == .null }
    package var bool: Bool? { kind == .true ? true : kind == .false ? false : nil }

    /// The number, if it is written as an integer and fits.
    package var int: Int? {
        guard kind == .number else { return nil }
        return Int(String(decoding: document.bytes[Int(value.start)..<Int(value.end)], as: UTF8.self))
    }

    /// The number, however it is written.
    package var double: Double? {
        guard kind == .number else { return nil }
        return Double(String(decoding: document.bytes[Int(value.start)..<Int(value.end)], as: UTF8.self))
    }

    /// The number as the reference reads it; infinite when it is beyond double precision.
    var referenceDouble: Double? {
        guard kind == .number else { return nil }
        return JSONNumber.double(document.bytes[Int(value.start)..<Int(value.end)])
    }

    package var string: String? { withStringBytes { String(decoding: $0, as: UTF8.self) } }

    /// Calls `body` with the UTF-8 of a string, escapes resolved; `nil` for anything but a string.
    package func withStringBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        let range = Int(value.start)..<Int(value.end)
        switch kind {
        case .string: return try document.bytes.withRawBytes(range, body)
        case .escapedString:
            // The parser has checked the escapes.
            let bytes = document.bytes.withRawBytes(range) { JSONEscape.bytes(of: $0) } ?? []
            return try bytes.withRawBytes(bytes.indices, body)
        default: return nil
        }
    }

    /// The elements of an array; `nil` for anything else.
    package var elements: Children? { kind == .array ? Children(of: self) : nil }

    /// The members of an object in their order; `nil` for anything else. Names may occur twice.
    package var members: Members? { kind == .object ? Members(children: Children(of: self)) : nil }

    /// The first member with a name.
    package subscript(name: String) -> JSONNode? {
        members?.first { $0.name.string.map { $0.utf8.elementsEqual(name.utf8) } ?? false }?.value
    }

    /// The values directly inside a value, one after the other.
    package struct Children: Sequence, IteratorProtocol {
        private let document: JSONDocument
        private var index: Int
        private let end: Int

        init(of node: JSONNode) {
            document = node.document
            index = node.index + 1
            end = Int(node.value.next)
        }

        package mutating func next() -> JSONNode? {
            guard index < end else { return nil }
            defer { index = Int(document.values[index].next) }
            return JSONNode(document: document, index: index)
        }
    }

    package struct Members: Sequence, IteratorProtocol {
        var children: Children

        package mutating func next() -> (name: JSONNode, value: JSONNode)? {
            guard let name = children.next(), let value = children.next() else { return nil }
            return (name, value)
        }
    }
}

extension [UInt8] {
    /// `withUnsafeBytes` on a part, with the thrown type kept.
    fileprivate func withRawBytes<Result, Failure: Error>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (all) throws(Failure) in
            try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[range])))
        }
    }
}
