import TopsailFiles
import TopsailTensor

/// A weight with the bias that may go with it: `y = x Wᵀ + b`.
struct Linear: Sendable {
    let weight: StoredMatrix
    /// Shape `[outputs]`; `nil` where the file has none.
    let bias: [Float]?
}

/// A norm's weight and bias, fp32. Shape `[width]`.
struct NormWeights: Sendable {
    let weight: [Float]
    let bias: [Float]?
}

/// Finds a family's weights in an archive, checks their shapes, and remembers which tensors were used.
final class WeightReader {
    let archive: any TensorArchive
    let names: TensorNames
    /// What stands before all names in this file.
    private let prefix: String
    private var used: Set<String> = []

    /// - Throws: `ModelError.missingTensor` when the embedding is under none of the prefixes.
    init(_ archive: any TensorArchive, names: TensorNames) throws {
        self.archive = archive
        self.names = names
        let found = names.prefixes.first { archive.info("\($0)\(names.embedding).weight") != nil }
        guard let found else {
            throw ModelError.missingTensor(path: archive.path, name: "\(names.prefixes[0])\(names.embedding).weight")
        }
        prefix = found
    }

    func global(_ name: String) -> String { prefix + name }
    func layer(_ index: Int, _ name: String) -> String { "\(prefix)\(names.layers).\(index).\(name)" }
    func has(_ name: String) -> Bool { archive.info(name) != nil }

    /// Which outputs of a stored matrix are wanted.
    enum Part {
        case whole
        /// Outputs from `first` on, of `total`.
        case outputs(first: Int, total: Int)
        /// For each group of `stride` outputs, `size` of them from `first` on.
        case groups(first: Int, size: Int, stride: Int, total: Int)

        fileprivate func total(for outputs: Int) -> Int {
            switch self {
            case .whole: outputs
            case .outputs(_, let total), .groups(_, _, _, let total): total
            }
        }

        fileprivate var first: Int {
            switch self {
            case .whole: 0
            case .outputs(let first, _), .groups(let first, _, _, _): first
            }
        }
    }

    /// A matrix of `[outputs, inputs]` and its bias, out of `NAME.weight` and `NAME.bias`.
    ///
    /// - Throws: `ModelError` when the tensor is absent, or has another shape or a type that cannot be widened.
    func linear(
        _ name: String, outputs: Int, inputs: Int, part: Part = .whole, order: StoredMatrix.Order = .outputsFirst
    ) throws -> Linear {
        let total = part.total(for: outputs)
        let weight = "\(name).weight"
        let info = try require(weight, shape: order == .outputsFirst ? [total, inputs] : [inputs, total])
        let rowElements = order == .outputsFirst ? inputs : total
        guard info.dtype.isFloatingPoint,
            let rowBytes = info.dtype.byteCount(elements: rowElements),
            let base = archive.bytes(of: info).baseAddress,
            order == .outputsFirst || (info.dtype.blockSize == 1 && info.dtype != .f8e4m3)
        else {
            throw ModelError.unsupportedType(path: archive.path, tensor: weight, type: info.dtype.name)
        }
        var groups: (size: Int, stride: Int)?
        if case .groups(_, let size, let stride, _) = part { groups = (size, stride) }
        let step = order == .outputsFirst ? rowBytes : info.dtype.bytesPerBlock
        let matrix = StoredMatrix(
            outputs: outputs, inputs: inputs, type: info.dtype, order: order,
            scale: try scale(of: name, info: info, part: part, outputs: outputs), base: base + part.first * step,
            rowBytes: rowBytes, groups: groups, owner: archive)
        return Linear(weight: matrix, bias: try bias(name, outputs: outputs, part: part))
    }

    private func bias(_ name: String, outputs: Int, part: Part) throws -> [Float]? {
        guard has("\(name).bias") else { return nil }
        let all = try vector("\(name).bias", count: part.total(for: outputs))
        guard case .groups(let first, let size, let stride, _) = part else {
            return Array(all[part.first..<part.first + outputs])
        }
        return (0..<outputs).map { all[first + $0 / size * stride + $0 % size] }
    }

    /// The factors of an FP8 matrix: one, one an output, or one a tile of 128 by 128.
    ///
    /// Names and shapes are those of transformers' `fp8` and of compressed-tensors' `float-quantized` checkpoints.
    private func scale(of name: String, info: TensorInfo, part: Part, outputs: Int) throws -> StoredScale {
        guard info.dtype == .f8e4m3 else { return .none }
        let candidates = ["\(name).weight_scale_inv", "\(name).weight_scale"]
        guard let found = candidates.first(where: has) else {
            throw ModelError.missingTensor(path: archive.path, name: candidates[0])
        }
        let shape = try archive.require(found).shape
        used.insert(found)
        let factors = try archive.floats(found)
        let rows = info.shape[0], columns = info.shape[1]
        if factors.count == 1 { return .whole(factors[0]) }
        let tile = 128
        let across = (columns + tile - 1) / tile
        // Weights that are fused by head lie apart, which no FP8 checkpoint has.
        if case .groups = part { throw ModelError.unsupportedType(path: archive.path, tensor: name, type: "F8_E4M3") }
        if shape == [rows] || shape == [rows, 1] { return .rows(Array(factors[part.first..<part.first + outputs])) }
        if shape == [(rows + tile - 1) / tile, across], part.first % tile == 0 {
            return .tiles(
                Array(factors[(part.first / tile * across)...]), height: tile, width: tile, tilesAcross: across)
        }
        throw ModelError.shapeMismatch(path: archive.path, tensor: found, expected: [rows, 1], found: shape)
    }

    /// A norm's weights; `nil` for a name that a family does not have.
    func norm(_ name: String?, count: Int) throws -> NormWeights? {
        guard let name else { return nil }
        var weight = try vector("\(name).weight", count: count)
        if names.normOffset != 0 { for i in weight.indices { weight[i] += names.normOffset } }
        return NormWeights(
            weight: weight, bias: has("\(name).bias") ? try vector("\(name).bias", count: count) : nil)
    }

    func vector(_ name: String, count: Int) throws -> [Float] {
        _ = try require(name, shape: [count])
        let values = try archive.floats(name)
        guard values.allSatisfy(\.isFinite) else { throw ModelError.notFinite(path: archive.path, tensor: name) }
        return values
    }

    private func require(_ name: String, shape: [Int]) throws -> TensorInfo {
        guard let info = archive.info(name) else { throw ModelError.missingTensor(path: archive.path, name: name) }
        guard info.shape == shape else {
            throw ModelError.shapeMismatch(path: archive.path, tensor: name, expected: shape, found: info.shape)
        }
        used.insert(name)
        return info
    }

    /// Refuses tensors of a layer that nothing has read: the model would do something that is not done here.
    func checkNothingIsLeft() throws {
        let layers = "\(prefix)\(names.layers)."
        for tensor in archive.tensors where tensor.name.hasPrefix(layers) && !used.contains(tensor.name) {
            if names.ignoredSuffixes.contains(where: { tensor.name.hasSuffix($0) }) { continue }
            throw ModelError.unknownTensor(path: archive.path, name: tensor.name)
        }
    }
}
