/// The records of a table whose fields are divided by commas or tabs and may be quoted (RFC 4180).
struct DelimitedRecords {
    private enum State { case fieldStart, plain, quoted, quoteInQuoted }

    private var state = State.fieldStart
    private var delimiter: UInt8
    private var field: [UInt8] = []
    private var fields: [String] = []
    /// Lines begun so far, and the one on which the record began.
    private var line = 1
    private var start = 1
    private let path: String

    /// Longest record, in bytes.
    private static let longest = 1 << 26
    private var size = 0

    /// Calls `body` with each record and the number of the line that it begins on.
    static func read(_ path: String, _ body: (_ fields: [String], _ line: Int) throws -> Void) throws {
        var records: DelimitedRecords?
        var line = 1
        do {
            try InputBytes.read(path) { piece in
                var part = piece
                if records == nil {
                    part = InputBytes.withoutMark(piece)
                    records = DelimitedRecords(path: path, delimiter: delimiter(path, part))
                }
                for byte in part { try records!.take(byte, body) }
                line = records!.line
            }
            try records?.finish(body)
        } catch {
            throw InterchangeError.placing(error, path: path, place: "line \(records?.start ?? line)")
        }
    }

    private init(path: String, delimiter: UInt8) {
        self.path = path
        self.delimiter = delimiter
    }

    /// Tabs when the name says so, or when the first line has more of them than commas.
    private static func delimiter(_ path: String, _ bytes: UnsafeRawBufferPointer) -> UInt8 {
        let tab = UInt8(ascii: "\t")
        if path.hasSuffix(".tsv") || path.hasSuffix(".tsv.gz") { return tab }
        let header = bytes.prefix { $0 != 0x0A }
        let tabs = header.count { $0 == tab }
        return tabs > header.count { $0 == UInt8(ascii: ",") } ? tab : UInt8(ascii: ",")
    }

    private mutating func take(_ byte: UInt8, _ body: ([String], Int) throws -> Void) throws {
        size += 1
        guard size <= Self.longest else {
            throw problem("a record is longer than \(Self.longest) bytes; is a quote not closed?")
        }
        if byte == 0x0A { line += 1 }
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
        case (.quoted, _): field.append(byte)
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            field.append(byte)
            state = .quoted
        case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
        case (_, delimiter): try endField()
        case (_, 0x0A): try endRecord(body)
        case (_, 0x0D): break
        case (.quoteInQuoted, _): throw problem("something stands between a closing quote and the next field")
        default:
            field.append(byte)
            state = .plain
        }
    }

    private mutating func finish(_ body: ([String], Int) throws -> Void) throws {
        if state == .quoted { throw problem("the file ends in the middle of a quoted field") }
        if !field.isEmpty || !fields.isEmpty { try endRecord(body) }
    }

    private mutating func endField() throws {
        guard let text = String(validating: field, as: UTF8.self) else { throw problem("a field is not UTF-8") }
        fields.append(text)
        field.removeAll(keepingCapacity: true)
        state = .fieldStart
    }

    private mutating func endRecord(_ body: ([String], Int) throws -> Void) throws {
        try endField()
        // A blank line is no record.
        if fields != [""] { try body(fields, start) }
        fields.removeAll(keepingCapacity: true)
        size = 0
        start = line
    }

    private func problem(_ text: String) -> InterchangeError {
        InterchangeError(path: path, place: "line \(start)", problem: text)
    }
}
