import Foundation
import Testing
import TopsailModel
import TopsailTestSupport
import TopsailTokenizer

@Suite("Chat templates") struct ChatTemplateTests {
    private let hello = [ChatMessage(role: "user", content: "hello")]

    private func render(_ source: String, _ messages: [ChatMessage]? = nil) throws(ChatTemplateError) -> String {
        try ChatTemplate(source: source, bos: "<s>", eos: nil).render(messages ?? hello, addGenerationPrompt: true)
    }

    @Test("messages, the tokens of the text's ends and the prompt are what a template sees") func variables() throws {
        let template = "{{ bos_token }}{{ eos_token is defined }}{{ messages }}{{ add_generation_prompt }}{{ tools }}"
        let expected = "<s>False[{'role': 'user', 'content': 'hello'}]TrueNone"
        #expect(try render(template) == expected)
    }

    @Test("a template's own refusal is passed on in its words") func refusal() {
        #expect(throws: ChatTemplateError.refused(message: "no \"system\" role")) {
            try render("{{ raise_exception('no \"system\" role') }}")
        }
        #expect(ChatTemplateError.refused(message: "no such role").description.contains("no such role"))
    }

    @Test(
        "what is not supported is named with its line",
        arguments: ["'%s' % 1", "'{}'.format(1)", "messages|groupby('role')"])
    func unsupported(expression: String) {
        #expect {
            try render("\n\n{{ \(expression) }}")
        } throws: { error in
            if case .unsupported(line: 3, construct: let construct)? = error as? ChatTemplateError {
                !construct.isEmpty
            } else {
                false
            }
        }
    }

    @Test("errors name the line", arguments: [("\n{% if %}", 2), ("a\n{# b\n #}\n{{ 1 + }}", 4), ("{{ nope.x }}", 1)])
    func lines(template: String, line: Int) {
        let error = #expect(throws: ChatTemplateError.self) { try render(template) }
        #expect(error?.description.contains("line \(line)") == true)
    }

    @Test("dates are those of the clock that is given, in its time zone") func date() throws {
        let template = try ChatTemplate(source: "{{ strftime_now('%d %b %Y %H:%M') }}", bos: nil, eos: nil)
        let now = Date(timeIntervalSince1970: 951_782_400)
        func date(_ hours: Int) throws -> String {
            try template.render(
                [], addGenerationPrompt: false, now: now, timeZone: TimeZone(secondsFromGMT: hours * 3600)!)
        }
        #expect(try date(0) == "29 Feb 2000 00:00")
        #expect(try date(-1) == "28 Feb 2000 23:00")
    }

    @Test("texts are compared by code points, not by what they look like") func codePoints() throws {
        let messages = [ChatMessage(role: "user", content: "e\u{301}\r\n")]
        #expect(try render("{{ messages[0].content == 'é' }} {{ messages[0].content|length }}", messages) == "False 4")
    }
}

@Suite("Hostile chat templates") struct HostileChatTemplateTests {
    static let templates: [String] = [
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(x) %}{% call m(x) %}{% endcall %}{{ caller() }}{% endmacro %}{{ m(1) }}",
        "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(9999) %}{% set ns.x = ns.x|map('string') %}{% endfor %}{{ ns.x|list }}",
        "{% set ns = namespace(x='') %}{% for i in range(9999) %}{% set ns.x = ns.x.copy %}{% endfor %}",
        "{{ 'abcdefgh' * 1000000000000 }}", "{{ [1] * 9223372036854775807 }}", "{{ range(9223372036854775807) }}",
        "{{ range(-9223372036854775808, 9223372036854775807)|length }}", "{{ 2 ** 9999999 }}",
        "{{ 'a'.ljust(99999999999) }}",
        "{{ 'aaaa'.replace('', 'b' * 7000000) }}",
        "{{ ('\\n' * 7000)|indent(7000000, blank=true) }}",
        "{% for i in range(100000) %}{{ 'x' * 1000 }}{% endfor %}", "{{ -9223372036854775807 - 2 }}",
        "{{ (-9223372036854775807 - 1) // -1 }}", "{{ (-9223372036854775807 - 1)|abs }}",
        "{{ " + String(repeating: "(", count: 50_000) + "1", "{{ " + String(repeating: "[", count: 50_000),
        "{{ " + String(repeating: "not ", count: 50_000) + "1 }}",
        "{{ " + String(repeating: "-", count: 50_000) + "1 }}",
        "{{ 1" + String(repeating: " + 1", count: 50_000) + " }}",
        "{{ x" + String(repeating: ".y", count: 50_000) + " }}",
        "{{ 1" + String(repeating: "|abs", count: 50_000) + " }}",
        "{{ 1" + String(repeating: " if 1 else 1", count: 50_000) + " }}",
        String(repeating: "{% if 1 %}", count: 50_000), String(repeating: "{% for x in y %}", count: 50_000),
        "{% set " + String(repeating: "(", count: 50_000) + "a", "{{ x[" + String(repeating: "x[", count: 50_000),
        "{{ 1 is odd" + String(repeating: " is odd", count: 50_000) + " }}",
        "{% if 1 %}" + String(repeating: "{% elif 1 %}", count: 999),
    ]

    @Test("end with an error, and soon", .timeLimit(.minutes(2)), arguments: templates.indices)
    func stopped(index: Int) {
        #expect(throws: ChatTemplateError.self) {
            try ChatTemplate(source: Self.templates[index], bos: nil, eos: nil).render([], addGenerationPrompt: false)
        }
    }

    @Test("values that hold themselves neither hang nor stay") func cycles() throws {
        let source = """
            {% set ns = namespace() %}{% set ns.me = ns %}{% set ns.list = [ns] %}\
            {% for i in range(20000) %}{% set ns.next = namespace(last=ns.next) %}{% endfor %}{{ ns.me.list|length }}
            """
        #expect(try ChatTemplate(source: source, bos: nil, eos: nil).render([], addGenerationPrompt: false) == "1")
    }

    @Test("the deepest template that is allowed fits a small stack") func smallStack() async {
        let deep =
            "{% macro m(x) %}{% for i in [1] %}{% if 1 %}{{ ((((m([[x]]|first|first)))))|trim }}{% endif %}{% endfor %}{% endmacro %}{{ m(1) }}"
        let chain = "{{ 1" + String(repeating: " + 1", count: 110) + " }}"
        await withCheckedContinuation { continuation in
            let thread = Thread {
                for source in [deep, chain] {
                    _ = try? ChatTemplate(source: source, bos: nil, eos: nil).render([], addGenerationPrompt: false)
                }
                continuation.resume()
            }
            thread.stackSize = 1 << 19
            thread.start()
        }
    }
}

@Suite("Chat templates as jinja2 renders them") struct ChatTemplateCaseTests {
    static let committed = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Reference/chat_template_cases.jsonl").path

    @Test("every committed case is rendered, or refused, as by transformers") func cases() throws {
        let cases = try ChatTemplateCase.read(Self.committed)
        #expect(cases.count > 800)
        for item in cases {
            let result = item.result()
            switch (item.rendered, result) {
            case (let expected?, .success(let text)):
                #expect(text.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(item.name): \(item.template)")
            case (nil, .failure(let error)):
                guard let refusal = item.refusal else { continue }
                #expect(error == .refused(message: refusal), "\(item.name): \(item.template)")
            default:
                Issue.record("\(item.name): \(item.template)\nexpected \(item.rendered ?? "an error"), got \(result)")
            }
        }
    }

    /// Renders the cases of a file for `Tests/Reference/chat_templates.py compare`.
    @Test(
        "cases from a file are written to another",
        .enabled(
            if: ProcessInfo.processInfo.environment["TOPSAIL_TEMPLATE_CASES"] != nil,
            "TOPSAIL_TEMPLATE_CASES and TOPSAIL_TEMPLATE_OUTPUT name the files"))
    func file() throws {
        let environment = ProcessInfo.processInfo.environment
        let output = try #require(environment["TOPSAIL_TEMPLATE_OUTPUT"])
        var lines = Data()
        for item in try ChatTemplateCase.read(environment["TOPSAIL_TEMPLATE_CASES"]!) {
            var record = ["name": item.name]
            switch item.result() {
            case .success(let text): record["rendered"] = text
            case .failure(let error):
                record["error"] = error.description
                if case .refused(let message) = error { record["refused"] = message }
            }
            lines += try JSONEncoder().encode(record) + Data("\n".utf8)
        }
        try lines.write(to: URL(fileURLWithPath: output))
    }
}

@Suite("Published chat templates", .enabled(if: Fixtures.has("tokenizers"), "the tokenizer fixtures are not there"))
struct PublishedChatTemplateTests {
    static let families = Fixtures.names(in: "tokenizers").filter { Fixtures.has("tokenizers/\($0)/chat.jsonl") }

    @Test("conversations are rendered, refused and tokenised as by transformers", arguments: families)
    func family(_ family: String) throws {
        let folder = "tokenizers/\(family)"
        let file = try #require(try ChatTemplateFile(folder: Fixtures.path(folder)))
        let template = try file.template()
        let tokenizer = try? Self.tokenizer(folder)
        for record in try Fixtures.jsonLines("\(folder)/chat.jsonl") {
            let messages = (record["messages"].array ?? []).map {
                ChatMessage(role: $0["role"].string ?? "", content: $0["content"].string ?? "")
            }
            let prompt = record["add_generation_prompt"].bool ?? false
            guard let expected = record["rendered"].string else {
                #expect(throws: ChatTemplateError.refused(message: record["error"].string ?? "")) {
                    try template.render(messages, addGenerationPrompt: prompt)
                }
                continue
            }
            let text = try template.render(messages, addGenerationPrompt: prompt)
            #expect(text == expected)
            guard let tokenizer, let ids = record["ids"].ints else { continue }
            #expect(tokenizer.encode(text, addSpecial: false, parseSpecial: true).map(Int.init) == ids)
        }
    }

    /// The family's tokenizer, where there is one of a kind that is read.
    static func tokenizer(_ folder: String) throws -> any TextTokenizer {
        try TokenizerLoader.load(
            tokenizerJSON: Fixtures.gunzipped("\(folder)/tokenizer.json.gz"),
            configuration: Fixtures.data("\(folder)/tokenizer_config.json"), path: "\(folder)/tokenizer.json")
    }
}

@Suite("Where chat templates are kept") struct ChatTemplateFileTests {
    private func file(_ contents: [String: String]) throws -> ChatTemplateFile? {
        let folder = try TemporaryFolder()
        for (name, text) in contents { _ = try folder.file(name, Array(text.utf8)) }
        return try ChatTemplateFile(folder: folder.url.path)
    }

    @Test("a folder without one has none") func none() throws {
        #expect(try file([:]) == nil)
        #expect(try file(["tokenizer_config.json": #"{"bos_token": "<s>", "chat_template": null}"#]) == nil)
    }

    @Test("the tokens are texts or have a content") func tokens() throws {
        let found = try file([
            "tokenizer_config.json": #"{"bos_token": {"content": "<s>"}, "eos_token": "</s>", "chat_template": "x"}"#
        ])
        #expect(found?.source == "x")
        #expect(found?.bos == "<s>")
        #expect(found?.eos == "</s>")
        let other = try file([
            "tokenizer_config.json": #"{"bos_token": null, "chat_template": "x"}"#,
            "special_tokens_map.json": #"{"bos_token": "<s>", "eos_token": "</s>"}"#,
        ])
        #expect(other?.bos == nil)
        #expect(other?.eos == "</s>")
    }

    @Test("a file of its own comes first, chat_template.json last") func order() throws {
        let json = #"{"chat_template": "json"}"#
        #expect(try file(["chat_template.json": json])?.source == "json")
        let configuration = #"{"chat_template": "configuration"}"#
        #expect(
            try file(["chat_template.json": json, "tokenizer_config.json": configuration])?.source == "configuration")
        #expect(try file(["chat_template.jinja": "own", "tokenizer_config.json": configuration])?.source == "own")
    }

    @Test("of several templates the one named default is taken") func several() throws {
        let two = #"{"chat_template": [{"name": "tool", "template": "t"}, {"name": "default", "template": "d"}]}"#
        #expect(try file(["tokenizer_config.json": two])?.source == "d")
        let error = #expect(throws: ChatTemplateError.self) {
            try file(["tokenizer_config.json": #"{"chat_template": [{"name": "tool", "template": "t"}]}"#])
        }
        #expect(error?.description.contains("named default (there are: tool)") == true)
    }

    @Test(
        "a damaged file is an error that names it",
        arguments: [#"{"chat_template": 5}"#, #"{"chat_template": "x""#, ""])
    func damaged(text: String) {
        let error = #expect(throws: ChatTemplateError.self) { try file(["tokenizer_config.json": text]) }
        #expect(error?.description.contains("tokenizer_config.json") == true)
    }
}
