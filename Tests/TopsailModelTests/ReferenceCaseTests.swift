import Foundation
import Testing
import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTestSupport

/// Batches of sequences of different lengths against transformers' padded batches, in fp32 and in float64.
///
/// The cases are written by `Tests/Reference/models.py --batches`: folders with a model and, for each batch and sequence, the
/// reference's values as `BATCH.SEQUENCE.HOOK`, in float64 as `double.BATCH.SEQUENCE.HOOK`.
@Suite("Reference batches", .enabled(if: ReferenceCase.folder != nil, "TOPSAIL_REFERENCE_CASES names no folder"))
struct ReferenceCaseTests {
    /// How much farther from float64 than transformers' fp32 the worst element may be, where either is out of bounds.
    private static let worstRatio: Float = 3
    /// The same for the root mean square over a tensor, which no single unlucky element moves. The median over all models and
    /// batches is 1.2; at most 2.8, of a tensor that both have within 0.13 of the bound.
    private static let rootMeanSquareRatio = 3.0

    @Test(
        "sequences side by side are as near to float64 as the reference's padded batch, and alone the same but for rounding",
        arguments: ReferenceCase.all, ["one", "seven"])
    func batch(of reference: ReferenceCase, name: String) throws {
        let model = try LanguageModel.open(path: "\(reference.path)/model")
        let expected = try SafetensorsFile(path: "\(reference.path)/expected.safetensors")
        let sequences = try reference.sequences(expected, batch: name)
        let longest = sequences.map(\.count).max() ?? 0
        let names = expected.tensors.map(\.name).filter { $0.hasPrefix("\(name).0.") }
        let points = Set(names.compactMap { HookPoint(String($0.dropFirst(name.count + 3))) })
        #expect(points.count > 8)
        let alone = try sequences.map {
            try Reading([$0], with: model, at: points, rows: 4096, plannedLength: longest)
        }

        for rows in [4096, 50] {
            let batch = try Reading(sequences, with: model, at: points, rows: rows, plannedLength: longest)
            var comparison = Comparison()
            var moved = Distance()
            for slot in sequences.indices {
                for hook in batch.names {
                    let key = "\(name).\(slot).\(hook)"
                    let values = batch[slot, hook]
                    comparison.see(
                        key, ours: values, theirs: try expected.floats(key), truth: try expected.floats("double.\(key)")
                    )
                    moved.see(key, values, alone[slot][0, hook])
                }
            }
            print("\(reference.testDescription), \(name), \(rows) rows: \(comparison); from alone \(moved.share)")
            #expect(
                comparison.ours.share <= max(1, Self.worstRatio * comparison.theirs.share),
                "\(reference), \(rows) rows a pass: \(comparison)")
            #expect(
                comparison.rootMeanSquareRatio <= Self.rootMeanSquareRatio,
                "\(reference), \(rows) rows a pass: \(comparison)")
            // How a product is cut into blocks depends on its rows, and so does the order of its sums.
            #expect(
                moved.share <= max(1, Self.worstRatio * comparison.theirs.share),
                "\(reference), \(rows) rows a pass differ from each sequence alone: \(moved.name)")
        }
    }
}

/// What a model gave for some sequences: every hook point and the logits.
private struct Reading {
    let points: Set<HookPoint>
    private var values: [String: [Float]] = [:]

    init(
        _ sequences: [[TokenID]], with model: LanguageModel, at points: Set<HookPoint>, rows: Int, plannedLength: Int
    ) throws {
        self.points = points
        var values: [String: [Float]] = [:]
        let hooks = HookSet(points) { activation in
            for segment in activation.segments {
                let start = activation.values + segment.firstRow * activation.width
                values["\(segment.slot).\(activation.point)", default: []].append(
                    contentsOf: UnsafeBufferPointer(start: start, count: segment.count * activation.width))
            }
        }
        let session = ModelSession(model, precision: .exact, slots: sequences.count, maximumRows: rows)
        let logits = try session.append(
            sequences.map { $0[...] }, slots: Array(sequences.indices), hooks: hooks, logits: .all,
            plannedLength: plannedLength)
        var row = 0
        for (slot, sequence) in sequences.enumerated() {
            let start = logits.pointer + row * logits.columns
            values["\(slot).logits"] = Array(
                UnsafeBufferPointer(start: start, count: sequence.count * logits.columns))
            row += sequence.count
        }
        self.values = values
    }

    var names: [String] { points.map(\.description).sorted() + ["logits"] }

    subscript(slot: Int, hook: String) -> [Float] { values["\(slot).\(hook)"] ?? [] }
}

/// How far we and the reference are from float64, and from each other.
private struct Comparison: CustomStringConvertible {
    var ours = Distance()
    var theirs = Distance()
    var between = Distance()
    /// The largest over all tensors; rounding of a few units in the last place counts for nothing.
    var rootMeanSquareRatio = 0.0

    mutating func see(_ name: String, ours: [Float], theirs: [Float], truth: [Float]) {
        self.ours.see(name, ours, truth)
        self.theirs.see(name, theirs, truth)
        between.see(name, ours, theirs)
        func rootMeanSquare(_ value: (Int) -> Float) -> Double {
            (truth.indices.reduce(0) { $0 + Double(value($1)) * Double(value($1)) } / Double(max(truth.count, 1)))
                .squareRoot()
        }
        guard ours.count == truth.count, theirs.count == truth.count else { return }
        let floor = 3e-7 * rootMeanSquare { truth[$0] }
        let error = rootMeanSquare { ours[$0] - truth[$0] }
        guard error > floor else { return }
        rootMeanSquareRatio = max(rootMeanSquareRatio, error / max(floor, rootMeanSquare { theirs[$0] - truth[$0] }))
    }

    var description: String {
        let figures = [Double(between.share), Double(ours.share), Double(theirs.share), rootMeanSquareRatio]
            .map { String(format: "%.2f", $0) }
        return "\(figures[0]) of the bound from transformers in \(between.name); from float64 ours \(figures[1]), "
            + "transformers \(figures[2]); rms ratio \(figures[3])"
    }
}

/// The worst difference so far, as a share of `1e-4 + 1e-4 |x|`.
private struct Distance {
    var name = "nothing"
    var share: Float = 0

    mutating func see(_ name: String, _ values: [Float], _ expected: [Float]) {
        guard values.count == expected.count else {
            self = Distance(name: "\(name) with \(values.count) values for \(expected.count)", share: .infinity)
            return
        }
        for (index, value) in expected.enumerated() {
            let share = abs(values[index] - value) / (1e-4 + 1e-4 * abs(value))
            if !(share <= self.share) {
                self = Distance(name: "\(name)[\(index)]: \(values[index]), \(value)", share: share)
            }
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
