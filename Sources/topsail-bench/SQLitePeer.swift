import Foundation

/// Python's sqlite3 on the tables that a script would make, in a process of its own.
///
/// `$TOPSAIL_BENCH_PYTHON` names the Python; without it there is no peer to compare with.
final class SQLitePeer: CustomStringConvertible {
    private(set) var description = ""
    private let process: LinePeer

    /// Has it read the lines into a database; `nil` when there is no Python or it cannot.
    init?(lines: String, database: String) {
        guard let process = LinePeer(script: "sqlite_peer.py", arguments: [lines, database]),
            let line = process.readLine(), line.hasPrefix("ready ")
        else { return nil }
        self.process = process
        description = "peer      " + line.dropFirst(6)
    }

    /// Milliseconds of a request; `nil` when the process ended or does not know it.
    func run(_ request: String) -> Double? { process.ask(request).flatMap(Double.init) }
}
