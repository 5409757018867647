import Foundation
import TopsailTensor

/// A PyTorch checkpoint (`torch.save` since 1.6): a zip with one pickle and one entry a storage.
///
/// The pickle is interpreted by `PickleMachine`, which runs nothing. Tensors go by their path in the pickled value
/// (`encoder.weight`, `ae.encoder.weight`, `optimizer.state.0.exp_avg`); numbers and texts become metadata under theirs.
/// Storages are mapped where they lie; several tensors may share one.
public final class TorchFile: TensorArchive {
    public let path: String
    public let metadata: ArchiveMetadata
    public let tensors: [TensorInfo]
    private let index: [String: Int]
    private let storages: [TorchStorage]
    private let rebuilt: [PickledTensor]

    static let pickleName = "/data.pkl"

    /// Opens a checkpoint and checks every tensor against its storage.
    ///
    /// - Throws: `refused` for names and opcodes that are no part of a tensor; what `ZipArchive` throws; `corrupt`,
    ///   `outOfRange` or `unsupported`.
    public convenience init(path: String) throws(FileFormatError) { try self.init(ZipArchive(path: path)) }

    init(_ archive: ZipArchive) throws(FileFormatError) {
        path = archive.path
        let entries = TorchEntries(archive)
        let pickle = try entries.pickle()
        var machine = PickleMachine(UnsafeRawBufferPointer(start: nil, count: 0), path: archive.path)
        let root = try pickle.withUnsafeBytes { bytes in
            Result { () throws(FileFormatError) -> PickleValue in
                machine = PickleMachine(bytes, path: archive.path)
                return try machine.run()
            }
        }.get()
        storages = try entries.storages(machine.storages)
        var flattening = PickleFlattening(machine, path: archive.path)
        let stem = ((archive.path as NSString).lastPathComponent as NSString).deletingPathExtension
        try flattening.visit(root, name: "", rootName: stem)
        metadata = flattening.metadata
        var tensors: [TensorInfo] = []
        var rebuilt: [PickledTensor] = []
        for (name, place) in flattening.tensors {
            let tensor = machine.tensors[place]
            tensors.append(try storages[tensor.storage].info(tensor, name: name, path: archive.path))
            rebuilt.append(tensor)
        }
        self.tensors = tensors
        self.rebuilt = rebuilt
        index = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    }

    public func info(_ name: String) -> TensorInfo? { index[name].map { tensors[$0] } }

    public func bytes(of info: TensorInfo) -> UnsafeRawBufferPointer {
        guard let place = index[info.name] else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return storages[rebuilt[place].storage].rowMajorBytes(of: rebuilt[place], place: place)
    }

    public func view(of info: TensorInfo) throws(FileFormatError) -> TensorView {
        guard let place = index[info.name] else {
            throw FileFormatError(path: path, reason: .missingTensor(info.name, similar: []))
        }
        return try storages[rebuilt[place].storage].view(of: rebuilt[place])
    }
}
