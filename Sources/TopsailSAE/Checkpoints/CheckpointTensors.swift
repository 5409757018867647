import TopsailFiles
import TopsailTensor

/// The tensors of one checkpoint, read with checked shapes and types.
struct CheckpointTensors {
    let archive: any TensorArchive
    /// What stands before every name, e.g. `ae.` in a training backup.
    let prefix: String
    /// Names without the prefix.
    let names: Set<String>

    /// State dicts lie at the top of a file or under one of these; the last two come from wrappers of torch.
    private static let prefixes = [
        "", "sae.", "ae.", "state_dict.", "model_state_dict.", "model.", "autoencoder.", "module.", "_orig_mod.",
    ]

    init(_ archive: any TensorArchive) {
        self.archive = archive
        let all = archive.tensors.map(\.name)
        let prefix = Self.prefixes.first { prefix in
            all.contains { $0.hasPrefix(prefix) && Self.isWeight(String($0.dropFirst(prefix.count))) }
        }
        self.prefix = prefix ?? ""
        names = Set(all.filter { $0.hasPrefix(prefix ?? "") }.map { String($0.dropFirst((prefix ?? "").count)) })
    }

    /// Whether a name belongs to the encoder or decoder of some ecosystem.
    private static func isWeight(_ name: String) -> Bool {
        let known = [
            "W_enc", "w_enc", "W_dec", "w_dec", "W_E", "W_D", "D", "encoder.weight", "decoder.weight", "decoder",
            "encoder_linear.weight", "latent_bias", "router.weight",
        ]
        return known.contains(name) || name.hasPrefix("W_enc_") || name.hasSuffix(".encoder.0.weight")
    }

    func has(_ names: String...) -> Bool { names.allSatisfy { self.names.contains($0) } }

    /// The first of these names that is there.
    func first(_ names: String...) -> String? { names.first { self.names.contains($0) } }

    /// The first of these names that is there.
    ///
    /// - Throws: `missingTensor` with the first name when none is.
    func require(_ names: String...) throws -> String {
        guard let found = names.first(where: { self.names.contains($0) }) else {
            throw SAECheckpointError(archive.path, .missingTensor(names[0]))
        }
        return found
    }

    func info(_ name: String) throws -> TensorInfo {
        guard let info = archive.info(prefix + name) else {
            throw SAECheckpointError(archive.path, .missingTensor(name))
        }
        return info
    }

    func shape(_ name: String) throws -> [Int] { try info(name).shape }

    func dtype(_ name: String) throws -> DType { try info(name).dtype }

    /// The extents of a matrix, to check others against.
    ///
    /// - Throws: When it is absent, has not two dimensions or is empty.
    func extents(_ name: String) throws -> (rows: Int, columns: Int) {
        let shape = try shape(name)
        guard shape.count == 2, shape[0] > 0, shape[1] > 0, shape[0] <= Int(Int32.max), shape[1] <= Int(Int32.max)
        else {
            throw SAECheckpointError(
                archive.path, .badValue(key: "the shape of \(name)", expected: "rows and columns", found: "\(shape)"))
        }
        return (shape[0], shape[1])
    }

    /// - Throws: When the tensor is absent, has another shape or a type that is no floating-point type.
    @discardableResult
    func check(_ name: String, shape: [Int]) throws -> TensorInfo {
        let info = try info(name)
        guard info.shape == shape else {
            throw SAECheckpointError(archive.path, .wrongShape(tensor: name, expected: shape, found: info.shape))
        }
        guard [.f64, .f32, .f16, .bf16].contains(info.dtype) else {
            throw SAECheckpointError(archive.path, .unsupported("\(name) of type \(info.dtype.name)"))
        }
        return info
    }

    func view(_ name: String, shape: [Int]) throws -> TensorView { try archive.view(of: check(name, shape: shape)) }

    /// A matrix of that shape: in its fastest form when it is small, where it lies when it is large.
    func matrix(_ name: String, rows: Int, columns: Int) throws -> SAEMatrix {
        try stored(name, rows: rows, columns: columns).prepared()
    }

    /// A matrix stored as `[columns, rows]`.
    func transposed(_ name: String, rows: Int, columns: Int) throws -> SAEMatrix {
        try stored(name, rows: columns, columns: rows).transposed.prepared()
    }

    private func stored(_ name: String, rows: Int, columns: Int) throws -> SAEMatrix {
        let view = try view(name, shape: [rows, columns])
        guard view.base != nil else {
            throw SAECheckpointError(archive.path, .unreadable("\(name) has no elements"))
        }
        return SAEMatrix(view)
    }

    func vector(_ name: String, count: Int) throws -> [Float] {
        let view = try view(name, shape: [count])
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { view.read(into: start) }
            initialized = count
        }
    }

    /// A vector that may be missing, which is the same as zeros.
    func optionalVector(_ name: String, count: Int) throws -> [Float] {
        has(name) ? try vector(name, count: count) : [Float](repeating: 0, count: count)
    }

    /// The one element of a tensor with one.
    func scalar(_ name: String) throws -> Float {
        let info = try info(name)
        guard info.elementCount == 1 else {
            throw SAECheckpointError(archive.path, .wrongShape(tensor: name, expected: [], found: info.shape))
        }
        return try archive.floats(info.name)[0]
    }

    func integers(_ name: String) throws -> [Int] { try archive.integers(info(name).name) }
}
