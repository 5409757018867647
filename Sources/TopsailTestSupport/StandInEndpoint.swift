import Foundation
import Glibc
import Synchronization

/// Plays an OpenAI-compatible endpoint on this machine: answers each question with what a test says, and can fail in every way
/// that servers do. It ends with the value.
public final class StandInEndpoint: Sendable {
    /// A question as it arrived.
    public struct Question: Sendable {
        public var path: String
        public var authorization: String?
        public var body: JSONValue

        /// The content of the last message.
        public var text: String { body["messages"].array?.last?["content"].string ?? "" }
    }

    /// What is sent back.
    public enum Reply: Sendable {
        /// A chat completion with this text.
        case text(String)
        /// A chat completion whose tokens come with alternatives: texts and natural logarithms of probabilities.
        case tokens([(text: String, alternatives: [(String, Double)])])
        /// Any status and body, with headers.
        case status(Int, body: String = "{}", headers: [String: String] = [:])
        /// A good answer after so many seconds.
        case slow(Double, String)
        /// Nothing: the connection is closed.
        case hangUp
    }

    public let port: UInt16
    private let socket: Int32
    private let questions = Mutex<[Question]>([])
    private let reply: @Sendable (Int, Question) -> Reply

    public var url: String { "http://127.0.0.1:\(port)/v1" }
    /// Everything that was asked so far.
    public var asked: [Question] { questions.withLock { $0 } }

    /// - Parameter reply: Gets the number of the question, from 0.
    public init(_ reply: @escaping @Sendable (Int, Question) -> Reply) throws {
        self.reply = reply
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = socket
        let isUp = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isUp else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            // Closed here and nowhere else: a number that is free again may be the next endpoint's, whose questions this
            // thread would then take.
            defer { close(listener) }
            while let connection = Self.nextConnection(listener) {
                self?.serve(connection)
                close(connection)
            }
        }
    }

    /// Nobody is let in any more, and the thread that waits wakes.
    deinit { shutdown(socket, Int32(SHUT_RDWR)) }

    private static func nextConnection(_ listener: Int32) -> Int32? {
        while true {
            let connection = accept(listener, nil, nil)
            if connection >= 0 { return connection }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    private func serve(_ connection: Int32) {
        guard let question = Self.read(connection) else { return }
        let number = questions.withLock { questions in
            questions.append(question)
            return questions.count - 1
        }
        switch reply(number, question) {
        case .text(let text): send(connection, 200, Self.completion(text, tokens: nil, question))
        case .tokens(let tokens):
            send(connection, 200, Self.completion(tokens.map(\.text).joined(), tokens: tokens, question))
        case .status(let status, let body, let headers): send(connection, status, body, headers)
        case .slow(let seconds, let text):
            Thread.sleep(forTimeInterval: seconds)
            send(connection, 200, Self.completion(text, tokens: nil, question))
        case .hangUp: break
        }
    }

    // MARK: HTTP, as much of it as is needed

    private static func read(_ connection: Int32) -> Question? {
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        func more() -> Bool {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return false }
            data.append(contentsOf: buffer[..<count])
            return true
        }
        let separator = Data("\r\n\r\n".utf8)
        while data.range(of: separator) == nil { guard more() else { return nil } }
        guard let end = data.range(of: separator) else { return nil }
        let lines = String(decoding: data[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while data.count - end.upperBound < length { guard more() else { return nil } }
        let body = data[end.upperBound..<end.upperBound + length]
        return Question(
            path: String(lines[0].split(separator: " ").dropFirst().first ?? ""),
            authorization: headers["authorization"],
            body: (try? JSONDecoder().decode(JSONValue.self, from: Data(body))) ?? .null)
    }

    private func send(_ connection: Int32, _ status: Int, _ body: String, _ headers: [String: String] = [:]) {
        var text = "HTTP/1.1 \(status) Status\r\nContent-Type: application/json\r\nConnection: close\r\n"
        text += "Content-Length: \(body.utf8.count)\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        let bytes = Array((text + "\r\n" + body).utf8)
        _ = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    private static func completion(
        _ text: String, tokens: [(text: String, alternatives: [(String, Double)])]?, _ question: Question
    ) -> String {
        var choice: [String: Any] = ["index": 0, "message": ["role": "assistant", "content": text]]
        if let tokens {
            choice["logprobs"] = [
                "content": tokens.map { token in
                    [
                        "token": token.text, "logprob": -0.1,
                        "top_logprobs": token.alternatives.map { ["token": $0.0, "logprob": $0.1] as [String: Any] },
                    ] as [String: Any]
                }
            ]
        }
        let sent = (question.body["messages"].array ?? []).reduce(0) { $0 + ($1["content"].string?.count ?? 0) / 4 }
        let object: [String: Any] = [
            "choices": [choice], "usage": ["prompt_tokens": sent, "completion_tokens": text.count / 4 + 1],
        ]
        let data = try? JSONSerialization.data(withJSONObject: object)
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}
