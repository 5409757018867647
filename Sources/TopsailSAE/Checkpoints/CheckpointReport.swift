import Foundation
import TopsailFiles
import TopsailTensor

/// What a full reading of a checkpoint finds.
public struct CheckpointReport: Sendable {
    /// A tensor with values that are not finite.
    public struct Damage: Sendable, Hashable {
        public var tensor: String
        public var nan: Int
        public var infinite: Int
    }

    public var damages: [Damage] = []
    /// Tensors that were read.
    public var tensors = 0
    /// Neurons with a NaN or an infinity in their encoder or decoder row.
    public var nonFiniteNeurons: [Int] = []
    /// Neurons whose decoder row is zero: they can fire and write nothing.
    public var deadRows: [Int] = []
    /// Smallest and largest norm of the decoder rows; `nil` without a decoder.
    public var norms: ClosedRange<Float>?

    public var isSound: Bool { damages.isEmpty }

    /// Reads every value of a checkpoint's files and every decoder row.
    ///
    /// - Throws: What `SAELoader` throws: opening checks names, shapes and types.
    public init(
        path: String, format: String? = nil, options: [String: String] = [:], isCancelled: () throws -> Void = {}
    ) throws {
        let sae = try SAELoader.open(path: path, format: format, options: options)
        for file in try SAELoader.weightFiles(path: path, options: options) {
            let archive = try ArchiveReader.open(file)
            for info in archive.tensors where [.f64, .f32, .f16, .bf16].contains(info.dtype) {
                try isCancelled()
                try read(archive.view(of: info), info.name)
                tensors += 1
            }
        }
        readNeurons(sae)
    }

    private mutating func read(_ view: TensorView, _ name: String) throws {
        var damage = Damage(tensor: name, nan: 0, infinite: 0)
        view.forEachBlock { values in
            for value in values where !value.isFinite {
                if value.isNaN { damage.nan += 1 } else { damage.infinite += 1 }
            }
        }
        if damage.nan + damage.infinite > 0 { damages.append(damage) }
    }

    private mutating func readNeurons(_ sae: any SparseAutoencoder) {
        if !isSound {
            nonFiniteNeurons = (0..<sae.info.dSAE).filter { neuron in
                !sae.encoderRow(neuron).allSatisfy(\.isFinite) || !sae.decoderRow(neuron).allSatisfy(\.isFinite)
            }
        }
        guard let norms = sae.decoderNorms() else { return }
        deadRows = norms.indices.filter { norms[$0] == 0 }
        let finite = norms.filter(\.isFinite)
        if let low = finite.min(), let high = finite.max() { self.norms = low...high }
    }
}

extension SparseAutoencoder {
    /// The norm of each neuron's decoder row as stored; `nil` without a decoder. Complexity: O(d_sae · d_out).
    public func decoderNorms() -> [Float]? {
        switch self {
        case let linear as any LinearSAE: linear.core.decoder.matrix?.rowNorms()
        case let ensemble as EnsembleSAE: ensemble.members.flatMap { $0.decoderNorms() ?? [] }
        default: nil
        }
    }
}
