import Foundation
import TopsailFiles
import TopsailSAE

/// Training metrics as JSON Lines, one step a line, keys in snake case.
final class MetricsLog {
    private let handle: FileHandle
    private let encoder: JSONEncoder

    /// - Parameter keepingSteps: Lines of later steps, left by a run that died, are dropped.
    init(path: String, keepingSteps: Int) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let old = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let kept = old.split(separator: "\n").prefix(keepingSteps).map { $0 + "\n" }.joined()
        try AtomicFile.write(kept, to: path)
        handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys]
    }

    deinit { try? handle.close() }

    func append(_ metrics: TrainingMetrics) throws {
        try handle.write(contentsOf: encoder.encode(metrics) + [UInt8(ascii: "\n")])
    }
}
