import TopsailCore
import TopsailTensor

/// Several SAEs of one hook point as one (Gadgil et al. 2025, arXiv 2505.16077). The features of the members stand side by
/// side in the members' order.
public final class EnsembleSAE: SparseAutoencoder {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Each member reads the input; the reconstruction is the mean of theirs.
        case bagging
        /// Each member reads what the earlier ones left over; the reconstruction is the sum of theirs.
        case boosting
    }

    public let info: SAEInfo
    public let kind: Kind
    public let members: [any SparseAutoencoder]
    /// The first neuron of each member.
    private let starts: [Int]
    private let scaled = MadeRows()

    /// - Precondition: At least one member; all read and write rows of the same widths.
    public init(info: SAEInfo, kind: Kind, members: [any SparseAutoencoder]) {
        precondition(!members.isEmpty, "an ensemble has members")
        precondition(
            members.allSatisfy { $0.info.dIn == info.dIn && $0.info.dOut == info.dOut }, "members share their widths")
        self.info = info
        self.kind = kind
        self.members = members
        var start = 0
        starts = members.map { member in
            defer { start += member.info.dSAE }
            return start
        }
    }

    public var needsWholeSequence: Bool { members.contains { $0.needsWholeSequence } }

    public func encode(_ x: UnsafePointer<Float>, tokens: Int) -> [[ActiveFeature]] {
        guard kind == .bagging else {
            let y = FloatMatrix(rows: tokens, columns: info.dOut)
            return reconstruct(x, tokens: tokens, into: y.pointer)
        }
        return merged(members.map { $0.encode(x, tokens: tokens) })
    }

    public func decode(_ features: [ActiveFeature], into y: UnsafeMutablePointer<Float>) {
        let part = FloatMatrix(rows: 1, columns: info.dOut)
        y.update(repeating: 0, count: info.dOut)
        for (i, member) in members.enumerated() {
            let range = starts[i]..<starts[i] + member.info.dSAE
            let own = features.filter { range.contains(Int($0.index)) }.map {
                ActiveFeature(index: $0.index - Int32(starts[i]), value: $0.value)
            }
            member.decode(own, into: part.pointer)
            LinearAlgebra.axpy(share, part.pointer, into: y, count: info.dOut)
        }
    }

    @discardableResult
    public func reconstruct(
        _ x: UnsafePointer<Float>, tokens: Int, into y: UnsafeMutablePointer<Float>
    ) -> [[ActiveFeature]] {
        let count = tokens * info.dOut
        let input = FloatMatrix(rows: tokens, columns: info.dIn)
        let part = FloatMatrix(rows: tokens, columns: info.dOut)
        input.pointer.update(from: x, count: tokens * info.dIn)
        y.update(repeating: 0, count: count)
        let features = members.map { member in
            let features = member.reconstruct(input.pointer, tokens: tokens, into: part.pointer)
            for i in 0..<count { y[i] += part.pointer[i] * share }
            if kind == .boosting { for i in 0..<count { input.pointer[i] -= part.pointer[i] } }
            return features
        }
        return merged(features)
    }

    /// A member's part in the reconstruction.
    private var share: Float { kind == .bagging ? 1 / Float(members.count) : 1 }

    private func merged(_ features: [[[ActiveFeature]]]) -> [[ActiveFeature]] {
        guard let tokens = features.first?.count else { return [] }
        return (0..<tokens).map { token in
            zip(features, starts).flatMap { rows, start in
                rows[token].map { ActiveFeature(index: $0.index + Int32(start), value: $0.value) }
            }.byFallingActivation()
        }
    }

    private func member(of index: Int) -> (member: any SparseAutoencoder, index: Int) {
        let place = starts.lastIndex { $0 <= index } ?? 0
        return (members[place], index - starts[place])
    }

    public func decoderRow(_ index: Int) -> UnsafeBufferPointer<Float> {
        let (member, own) = member(of: index)
        let row = member.decoderRow(own)
        return share == 1 ? row : scaled.row(index, width: row.count) { row[$0] * share }
    }

    public func encoderRow(_ index: Int) -> UnsafeBufferPointer<Float> {
        let (member, own) = member(of: index)
        return member.encoderRow(own)
    }
}
