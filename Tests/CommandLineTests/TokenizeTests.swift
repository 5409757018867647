import Foundation
import Testing
import TopsailTestSupport

@Suite("topsail tokenize", .enabled(if: Fixtures.has("tokenizers/gpt2"), "the golden files are not here"))
struct TokenizeTests {
    /// A program beside an unpacked `tokenizer.json`.
    private func makeProgram(_ family: String = "gpt2") throws -> (program: Program, tokenizer: String) {
        let program = try Program()
        let tokenizer = try program.folder.file(
            "tokenizer.json", Fixtures.gunzipped("tokenizers/\(family)/tokenizer.json.gz"))
        for name in ["tokenizer_config.json", "chat_template.jinja"] where Fixtures.has("tokenizers/\(family)/\(name)")
        {
            _ = try program.folder.file(name, Fixtures.data("tokenizers/\(family)/\(name)"))
        }
        return (program, tokenizer)
    }

    @Test("a text gives ids and the text of each token")
    func text() throws {
        let (program, tokenizer) = try makeProgram()
        let result = try program.run("tokenize", "--model", tokenizer, "--text", "-Hello world", "--json")
        let document = try result.json()
        let ids = try #require(document["ids"].ints)
        #expect(document["tokens"].strings?.joined() == "-Hello world")
        let back = try program.run(
            "tokenize", "--model", tokenizer, "--detokenize", ids.map(String.init).joined(separator: ","), "--json")
        #expect(try back.json()["text"].string == "-Hello world")
    }

    @Test("lines of JSON give lines of JSON, as the reference has them")
    func lines() throws {
        let (program, tokenizer) = try makeProgram()
        let cases = try Fixtures.jsonLines("tokenizers/gpt2/expected.jsonl")
            .filter { $0["add_special"].bool == false && $0["parse_special"].bool == false }
        let input = try cases.map { record in
            let text = try #require(record["text"].string)
            return String(decoding: try JSONEncoder().encode(["text": text]), as: UTF8.self) + "\n"
        }.joined()
        let result = try program.run("tokenize", "--model", tokenizer, "--lines", input: input)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try result.jsonLines().map { $0["ids"].ints } == cases.map { $0["ids"].ints })
    }

    @Test("lines of ids give lines of text")
    func detokenizeLines() throws {
        let (program, tokenizer) = try makeProgram()
        let cases = try Fixtures.jsonLines("tokenizers/gpt2/decode.jsonl")
        let input = cases.map { "\($0["ids"].ints ?? [])\n" }.joined()
        let result = try program.run("tokenize", "--model", tokenizer, "--detokenize", "--lines", input: input)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try result.jsonLines().map { $0["text"].string } == cases.map { $0["text"].string })
    }

    @Test("standard input is taken as it is")
    func standardInput() throws {
        let (program, tokenizer) = try makeProgram()
        let result = try program.run("tokenize", "--model", tokenizer, "--json", input: "two\nlines\n")
        #expect(try result.json()["tokens"].strings?.joined() == "two\nlines\n")
    }

    @Test("--chat renders one user message with the generation prompt")
    func chat() throws {
        let (program, tokenizer) = try makeProgram("smollm2")
        let cases = try Fixtures.jsonLines("tokenizers/smollm2/chat.jsonl").filter { record in
            record["messages"].array?.count == 1 && record["messages"][0]["role"].string == "user"
                && record["add_generation_prompt"].bool == true && record["error"].isNull
        }
        let test = try #require(cases.first)
        let text = try #require(test["messages"][0]["content"].string)
        let result = try program.run("tokenize", "--model", tokenizer, "--text", text, "--chat", "--json")
        #expect(try result.json()["ids"].ints == test["ids"].ints, "\(result.errors)")
    }

    @Test("a broken line is named")
    func brokenLine() throws {
        let (program, tokenizer) = try makeProgram()
        let result = try program.run("tokenize", "--model", tokenizer, "--lines", input: "\"fine\"\n{\"txt\":1}\n")
        #expect(result.status == 1)
        #expect(result.errors.contains("line 2"), "\(result.errors)")
    }
}
