import Foundation
import Testing
import TopsailCatalog
import TopsailCore

@Suite("Files that are broken or worse") struct HostileFileTests {
    @Test("one sentence says where, and nothing is half-written")
    func sentences() throws {
        let place = try InterchangeFolder()
        let before = try place.rows()
        let good = #"{"neuron":"14_1","explanation":"fine"}"# + "\n"
        func failure(_ text: String) throws -> String? { try place.failure(.jsonl, Data(text.utf8), name: "a.jsonl") }
        #expect(
            try failure(good + #"{"neuron":"14_2","expl"#) == "a.jsonl: line 2: the text ends in the middle of a value")
        #expect(try failure(good + "nonsense") == "a.jsonl: line 2: an object is expected")
        #expect(
            try failure(good + good + #"{"neuron":"14_2"} x"#)
                == "a.jsonl: line 3: there is something after the end of the value")
        let deep = #"{"x":"# + String(repeating: "[", count: 100_000)
        #expect(try failure(good + deep) == "a.jsonl: line 2: it is nested more than 128 deep")
        #expect(try failure(good + #"{"max":1e}"#) == "a.jsonl: line 2: “1e” is not a value")
        let invalid = Data(good.utf8) + [0x7B, 0x22, 0x73, 0x61, 0x65, 0x22, 0x3A, 0x22, 0xFF, 0x22, 0x7D]
        #expect(
            try place.failure(.jsonl, invalid, name: "a.jsonl")
                == "a.jsonl: line 2: a text is not UTF-8 or holds an unknown escape")
        #expect(try place.rows() == before)
    }

    @Test(
        "when the catalog cannot be written to, its own sentence is told and nothing is left", arguments: [true, false])
    func unwritable(isReadOnly: Bool) throws {
        let place = try InterchangeFolder(width: 5000)
        let before = try place.rows()
        let lines = (0..<5000).map { #"{"sae":"tiny-14","index":\#($0),"explanation":"word\#($0) and \#($0 * 7)"}"# }
        let table = "sae,index,explanation\n" + (0..<5000).map { "tiny-14,\($0),word\($0)" }.joined(separator: "\n")
        let batch = #"{"model_id":"tiny","layer":14,"features":[{"feature_index":1,"activations":[]}]}"#
        let files: [(ImportFormat, String)] = [
            (.jsonl, try place.folder.file("a.jsonl", Data(lines.joined(separator: "\n").utf8))),
            (.csv, try place.folder.file("a.csv", Data(table.utf8))),
        ]
        let path = place.sample.path
        if isReadOnly {
            let reader = try place.sample.reopened(.readOnly)
            let more = [(ImportFormat.saeDashboard, try place.folder.file("batch-0.json", Data(batch.utf8)))]
            for (format, file) in files + more {
                #expect(reason { _ = try reader.importFile(format, at: file) } == .readOnly(path: path), "\(format)")
            }
        } else {
            try place.catalog.limitPages(to: 80)
            for (format, file) in files {
                #expect(
                    reason { _ = try place.catalog.importFile(format, at: file) } == .diskFull(path: path), "\(format)")
            }
        }
        #expect(try place.rows() == before)
        #expect(try place.catalog.check() == [])
    }

    @Test("gzip that was cut or damaged is an error; members that follow each other are one file")
    func gzip() throws {
        let place = try InterchangeFolder()
        let before = try place.rows()
        let first = try place.gzip(#"{"neuron":"14_1","explanation":"one"}"# + "\n")
        let second = try place.gzip(#"{"neuron":"14_2","explanation":"two"}"#)
        let cut = try place.failure(.jsonl, first + second.dropLast(9), name: "a.jsonl.gz")
        #expect(cut?.hasPrefix("a.jsonl.gz: the file ends too soon") == true, "\(cut ?? "no error")")
        var broken = [UInt8](first)
        broken[14] ^= 0xFF
        #expect(try place.failure(.jsonl, broken, name: "a.jsonl.gz") != nil)
        #expect(try place.rows() == before)
        #expect(try place.bring(.jsonl, at: place.folder.file("b.jsonl.gz", first + second)).neurons == 2)
        #expect(try place.catalog.neuron(.sample(2)).row.explanation == "two")
    }

    @Test("words that are no numbers, huge numbers and wrong lengths cost what they spoil and no more")
    func numbers() throws {
        let place = try InterchangeFolder()
        let report = try place.bring(
            .jsonl,
            #"""
            {"neuron":"14_1","density":NaN,"max":-Infinity,"score":1e400,"q999":"2.5","explanation":"x","contexts":[
            """#.replacing("\n", with: "")
                + #"{"tokens":["a","b"],"activations":[1]},{"tokens":["a"],"activations":[NaN]},{"tokens":["a","b"],"activations":[0,2.5]}]}"#
        )
        #expect(report.contexts == 1)
        #expect(
            report.skipped.map(\.why) == [
                "a context has not as many activations as tokens",
                "a context has an activation that is no finite number",
            ])
        let detail = try place.catalog.neuron(.sample(1))
        #expect(detail.statistics == NeuronStatistics(q999: 2.5))
        #expect(detail.row.correlationScore == nil)
        #expect(detail.contexts.map(\.texts) == [["a", "b"]])
    }

    @Test("escape sequences, marks of direction and long texts are stored as they are")
    func texts() throws {
        let place = try InterchangeFolder()
        let long = String(repeating: "ü", count: 100_000)
        try place.bring(.jsonl, #"{"neuron":"14_1","explanation":"\u001b[2J\u202e\#(long)\ud83d\ude00"}"#)
        let text = try place.catalog.neuron(.sample(1)).row.explanation
        #expect(text == "\u{1B}[2J\u{202E}\(long)😀")
    }

    @Test("tables with open quotes and foreign headers are refused with the line")
    func tables() throws {
        let place = try InterchangeFolder()
        func failure(_ text: String) throws -> String? { try place.failure(.csv, Data(text.utf8), name: "a.csv") }
        #expect(
            try failure("layer,index\n14,1\n14,\"2") == "a.csv: line 3: the file ends in the middle of a quoted field")
        #expect(
            try failure("a,b\n1,2\n") == "a.csv: line 1: the header names neither a column “neuron” nor “index”")
        #expect(
            try failure("index\n\"1\"2\n")
                == "a.csv: line 2: something stands between a closing quote and the next field")
        #expect(
            try place.failure(.safeSAIL, Data("[]".utf8), name: "en_db.json") == "en_db.json: an object is expected")
        #expect(try place.failure(.csv, Data(), name: "a.csv") == nil)
    }
}
