import Foundation
import Synchronization

/// Resident memory of this process that no file backs: what cannot be read again from disk.
enum ProcessMemory {
    /// Bytes; 0 where the system does not say.
    static var anonymous: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(separator: " ").dropFirst().first).flatMap { Int($0) }.map { $0 << 10 } ?? 0
    }

    /// Looks at `anonymous` every millisecond, on a thread of its own.
    final class Sampler: Sendable {
        private let isDone = Atomic(false)
        private let highest = Atomic(ProcessMemory.anonymous)
        private let ended = DispatchSemaphore(value: 0)

        init() {
            Thread { [self] in
                while !isDone.load(ordering: .acquiring) {
                    _ = highest.max(ProcessMemory.anonymous, ordering: .relaxed)
                    Thread.sleep(forTimeInterval: 0.001)
                }
                ended.signal()
            }.start()
        }

        /// Ends the sampling.
        ///
        /// - Returns: The highest value seen, in bytes.
        func finish() -> Int {
            isDone.store(true, ordering: .releasing)
            ended.wait()
            return max(highest.load(ordering: .relaxed), ProcessMemory.anonymous)
        }
    }
}
