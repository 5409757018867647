import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

package struct HTTPResponse: Sendable {
    package var status: Int
    package var body: Data
    /// Seconds to wait before asking again, where the server says so.
    package var retryAfter: Double?
}

/// No answer came.
struct HTTPFailure: Error {
    var why: String
    /// Whether asking again is of no use, as when nobody listens.
    var isFinal: Bool
}

package protocol HTTPTransport {
    /// Blocks until the answer is there.
    ///
    /// - Throws: `HTTPFailure`, `CancellationError`.
    func post(_ body: Data, to url: URL, key: String?) throws -> HTTPResponse
}

/// Asks through Foundation's `URLSession`. Redirections are not followed: the key is for one server.
package final class URLSessionTransport: HTTPTransport {
    private let session: URLSession
    private let isCancelled: @Sendable () -> Bool
    /// An answer longer than this is none to a question of ours.
    private static let largestAnswer = 16 << 20

    package init(timeout: Double, isCancelled: @escaping @Sendable () -> Bool) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = timeout
        configuration.timeoutIntervalForResource = timeout
        session = URLSession(configuration: configuration, delegate: NoRedirection(), delegateQueue: nil)
        self.isCancelled = isCancelled
    }

    deinit { session.invalidateAndCancel() }

    package func post(_ body: Data, to url: URL, key: String?) throws -> HTTPResponse {
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = body
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        let arrived = Arrival()
        let task = session.dataTask(with: request) { data, response, error in
            arrived.set(Self.result(data, response, error))
        }
        task.resume()
        while !arrived.wait(seconds: 0.1) {
            guard isCancelled() else { continue }
            task.cancel()
            throw CancellationError()
        }
        return try arrived.take()
    }

    private static func result(
        _ data: Data?, _ response: URLResponse?, _ error: (any Error)?
    ) -> Result<HTTPResponse, HTTPFailure> {
        if let error { return .failure(failure(error)) }
        guard let response = response as? HTTPURLResponse else {
            return .failure(HTTPFailure(why: "it did not answer in HTTP", isFinal: false))
        }
        let body = data ?? Data()
        guard body.count <= largestAnswer else {
            return .failure(HTTPFailure(why: "the answer is too long", isFinal: false))
        }
        return .success(
            HTTPResponse(
                status: response.statusCode, body: body,
                retryAfter: response.value(forHTTPHeaderField: "Retry-After").flatMap { RetryAfter.seconds($0) }))
    }

    private static func failure(_ error: any Error) -> HTTPFailure {
        let code = (error as? URLError)?.code
        let final: [URLError.Code] = [.cannotConnectToHost, .cannotFindHost, .unsupportedURL, .badURL]
        let why =
            switch code {
            case .timedOut?: "no answer in time"
            case .cannotConnectToHost?: "nobody listens there"
            case .cannotFindHost?: "the host is not known"
            case .networkConnectionLost?: "the connection was lost"
            default: "\(error.localizedDescription)"
            }
        return HTTPFailure(why: why, isFinal: code.map(final.contains) ?? false)
    }
}

/// Hands a result from the session's thread to the one that waits.
private final class Arrival: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let result = Mutex<Result<HTTPResponse, HTTPFailure>?>(nil)

    func set(_ value: Result<HTTPResponse, HTTPFailure>) {
        result.withLock { $0 = value }
        semaphore.signal()
    }

    func wait(seconds: Double) -> Bool { semaphore.wait(timeout: .now() + seconds) == .success }

    func take() throws -> HTTPResponse {
        guard let value = result.withLock({ $0 }) else { throw CancellationError() }
        return try value.get()
    }
}

private final class NoRedirection: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}

/// The header `Retry-After`: seconds, or a date.
package enum RetryAfter {
    /// Nobody waits longer than this for one answer.
    private static let longest = 300.0

    package static func seconds(_ text: String, now: Date = Date()) -> Double? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if let seconds = Double(text), seconds >= 0 { return min(seconds, longest) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { min(max(0, $0.timeIntervalSince(now)), longest) }
    }
}
