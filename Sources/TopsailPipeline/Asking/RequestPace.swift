import Foundation

/// Keeps questions apart, so that no more than so many are asked a minute.
package struct RequestPace {
    private let gap: Double
    /// When the next question may be asked, in seconds.
    private var next = -Double.infinity

    package init(perMinute: Double?) { gap = perMinute.map { 60 / $0 } ?? 0 }

    /// Seconds to wait before asking; the question is then taken to be asked.
    package mutating func delay(now: Double) -> Double {
        let start = max(now, next)
        next = start + gap
        return start - now
    }

    /// Seconds to wait after a failed attempt, counted from 1: twice as long each time, half a minute at most.
    package static func backoff(attempt: Int) -> Double { min(30, 0.5 * exp2(Double(attempt))) }
}

/// Time as asking needs it; tests bring their own.
package struct AskingClock {
    package var now: () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
    package var sleep: (Double) -> Void = { Thread.sleep(forTimeInterval: $0) }
    package var isCancelled: () -> Bool = { false }

    package init(isCancelled: @escaping () -> Bool = { false }) { self.isCancelled = isCancelled }

    /// - Throws: `CancellationError` when somebody does not want to wait any longer.
    func wait(_ seconds: Double) throws {
        var rest = seconds
        repeat {
            if isCancelled() { throw CancellationError() }
            guard rest > 0 else { return }
            let piece = min(rest, 0.25)
            sleep(piece)
            rest -= piece
        } while true
    }
}
