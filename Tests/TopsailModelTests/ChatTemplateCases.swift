import Foundation
import Testing
import TopsailModel
import TopsailTokenizer

/// A template with variables, and what jinja2 makes of them; `Tests/Reference/chat_templates.py` writes these.
struct ChatTemplateCase: Sendable, CustomTestStringConvertible {
    var name: String
    var template: String
    var variables: [(name: String, value: JSONNode)]
    var date: String
    /// What jinja2 wrote; `nil` where it ended with an error.
    var rendered: String?
    /// The words of the template where it raised an error of its own.
    var refusal: String?

    var testDescription: String { name }

    /// - Parameter last: The case before, whose values stand for those that are left out.
    init(_ line: [UInt8], after last: ChatTemplateCase?) throws {
        let root = try JSONDocument(line).root
        name = try #require(root["name"]?.string, "the name is missing")
        template = try #require(root["template"]?.string ?? last?.template, "the template is missing")
        date = try #require(root["date"]?.string ?? last?.date, "the date is missing")
        let members = root["variables"]?.members.map { $0.map { ($0.name.string ?? "", $0.value) } }
        variables = try #require(members ?? last?.variables, "the variables are missing")
        rendered = root["rendered"]?.string
        refusal = root["refused"]?.bool == true ? root["error"]?.string : nil
    }

    static func read(_ path: String) throws -> [ChatTemplateCase] {
        var cases: [ChatTemplateCase] = []
        for line in try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n")) {
            cases.append(try ChatTemplateCase([UInt8](line), after: cases.last))
        }
        return cases
    }

    /// What Topsail makes of it.
    func result() -> Result<String, ChatTemplateError> {
        do {
            let formatter = ISO8601DateFormatter()
            let values = try variables.map { ($0.name, try JinjaValue(json: $0.value)) }
            let template = try ChatTemplate(source: template, bos: nil, eos: nil)
            let text = try template.render(
                Dictionary(uniqueKeysWithValues: values), now: formatter.date(from: date + "Z") ?? .distantPast,
                timeZone: TimeZone(secondsFromGMT: 0)!)
            return .success(text)
        } catch let error as ChatTemplateError {
            return .failure(error)
        } catch {
            return .failure(.failed(line: 0, problem: "\(error)"))
        }
    }
}

extension JinjaValue {
    init(json node: JSONNode) throws {
        switch node.kind {
        case .null: self = .none
        case .true, .false: self = .bool(node.bool == true)
        case .number: self = try node.int.map { .int($0) } ?? .float(#require(node.double))
        case .string, .escapedString: self = .string(PythonString(node.string ?? ""))
        case .array: self = .list(try JinjaItems(node.elements!.map { try JinjaValue(json: $0) }))
        case .object:
            self = .dict(
                try JinjaDict(
                    node.members!.map { (.string(PythonString($0.name.string ?? "")), try JinjaValue(json: $0.value)) })
            )
        }
    }
}
