import Foundation
import Testing
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTestSupport

/// Batches of sequences of different lengths against transformers' padded batches.
///
/// The cases are written by `Tests/Reference/models.py --batches`: folders with a model and, for each batch and sequence, the
/// reference's values as `BATCH.SEQUENCE.HOOK`; `rounding` is how far they are from float64, as a share of the bound.
@Suite("Reference batches", .enabled(if: ReferenceCase.folder != nil, "TOPSAIL_REFERENCE_CASES names no folder"))
struct ReferenceCaseTests {
    @Test(
        "sequences side by side give what the reference gives for a padded batch", arguments: ReferenceCase.all,
        ["one", "seven"])
    func batch(of reference: ReferenceCase, name: String) throws {
        let model = try LanguageModel.open(path: "\(reference.path)/model")
        let expected = try SafetensorsFile(path: "\(reference.path)/expected.safetensors")
        let sequences = try reference.sequences(expected, batch: name)
        /// How far the reference is from itself in doubles.
        let rounding = try expected.floats("rounding")[0]
        let longest = sequences.map(\.count).max() ?? 0
        let names = expected.tensors.map(\.name).filter { $0.hasPrefix("\(name).0.") }
        let points = Set(names.compactMap { HookPoint(String($0.dropFirst(name.count + 3))) })
        #expect(points.count > 8)

        for rows in [4096, 50] {
            var worst = Worst(name: "nothing", share: 0)
            var done = Array(repeating: 0, count: sequences.count)
            let hooks = HookSet(points) { activation in
                for segment in activation.segments {
                    let key = "\(name).\(segment.slot).\(activation.point)"
                    let start = segment.start * activation.width
                    let values = try expected.floats(key)[start..<start + segment.count * activation.width]
                    worst.see(key, activation.values + segment.firstRow * activation.width, Array(values))
                    if activation.point == HookPoint(.finalNorm) { done[segment.slot] += segment.count }
                }
            }
            let session = ModelSession(model, precision: .exact, slots: sequences.count, maximumRows: rows)
            let logits = try session.append(
                sequences.map { $0[...] }, slots: Array(sequences.indices), hooks: hooks, logits: .all,
                plannedLength: longest)
            var row = 0
            for (index, sequence) in sequences.enumerated() {
                let values = try expected.floats("\(name).\(index).logits")
                worst.see("\(name).\(index).logits", logits.pointer + row * logits.columns, values)
                row += sequence.count
            }
            #expect(done == sequences.map(\.count))
            print("\(reference.testDescription), \(name), \(rows) rows: \(worst.share) of the bound in \(worst.name)")
            // The reference's own rounding passes the bound where scores are large; a mistake is hundreds of times larger.
            #expect(worst.share <= 3 * max(1, rounding), "\(reference), \(rows) rows a pass: \(worst.name)")
        }
    }
}

/// One folder of the reference's cases.
struct ReferenceCase: CustomTestStringConvertible, Sendable {
    static let folder = ProcessInfo.processInfo.environment["TOPSAIL_REFERENCE_CASES"]

    static let all: [ReferenceCase] = {
        guard let folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { ReferenceCase(path: "\(folder)/\($0)") }
            .filter { FileManager.default.fileExists(atPath: "\($0.path)/expected.safetensors") }
    }()

    let path: String

    var testDescription: String { URL(fileURLWithPath: path).lastPathComponent }

    func sequences(_ file: SafetensorsFile, batch: String) throws -> [[TokenID]] {
        let count = file.tensors.filter { $0.name.hasPrefix("\(batch).") && $0.name.hasSuffix(".input_ids") }.count
        return try (0..<count).map { try file.integers("\(batch).\($0).input_ids").map { TokenID($0) } }
    }
}

/// The worst difference so far, as a share of `1e-4 + 1e-4 |x|`.
private struct Worst {
    var name: String
    var share: Float

    mutating func see(_ name: String, _ values: UnsafePointer<Float>, _ expected: [Float]) {
        for (index, value) in expected.enumerated() {
            let share = abs(values[index] - value) / (1e-4 + 1e-4 * abs(value))
            if !(share <= self.share) {
                self = Worst(name: "\(name)[\(index)]: \(values[index]), \(value)", share: share)
            }
        }
    }
}
