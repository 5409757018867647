import TopsailCore
import TopsailFiles
import TopsailModel
import TopsailTensor

/// The activations of one hook point that a harvest wrote: the rows of the counted tokens, in the corpus' order.
public struct StoredActivations {
    public let hook: HookPoint
    let contextLength = ActivationHarvest.contextLength
    private let training: RowArchive
    private let heldOut: RowArchive

    /// - Parameter folder: What training calls `activations`, with a folder for each hook point.
    /// - Returns: `nil` when there are none of this hook point.
    /// - Throws: What reading the files throws; `PipelineError` when they hold no such matrix.
    public init?(hook: HookPoint, in folder: String) throws {
        self.hook = hook
        let files = ActivationFiles(hook, in: folder)
        guard files.areComplete else { return nil }
        training = try RowArchive(path: files.training)
        heldOut = try RowArchive(path: files.heldOut)
    }

    /// One context of a document.
    struct Stretch {
        /// Index of the document among those read.
        var document: Int
        var positions: Range<Int>
        /// The positions that count, rising; one row each.
        var counted: [Int]
        /// `[counted.count, width]`, valid during the call.
        var values: UnsafePointer<Float>
    }

    /// Finds the rows of the documents that the harvest read, given in its order.
    ///
    /// - Throws: `PipelineError.otherActivations` when the files hold other tokens than these documents have.
    func rows(of documents: [CorpusReading]) throws -> Rows {
        var first: [Int] = []
        var next = (training: 0, heldOut: 0)
        for document in documents {
            let count = document.countedTokens(contextLength: contextLength)
            first.append(document.isHeldOut ? next.heldOut : next.training)
            if document.isHeldOut { next.heldOut += count } else { next.training += count }
        }
        for (archive, count) in [(training, next.training), (heldOut, next.heldOut)] where count != archive.rows {
            throw PipelineError.otherActivations(path: archive.path, rows: archive.rows, expected: count)
        }
        return Rows(activations: self, documents: documents, first: first)
    }

    /// Documents with the place of their rows in the files.
    struct Rows {
        fileprivate let activations: StoredActivations
        fileprivate let documents: [CorpusReading]
        /// The first row of each document, in the file of its kind.
        fileprivate let first: [Int]

        /// Goes through some of the documents.
        ///
        /// - Parameter chunk: Their indices.
        func read(_ chunk: Range<Int>, isCancelled: () -> Bool, body: (Stretch) throws -> Void) throws {
            let length = activations.contextLength
            let buffer = FloatMatrix(rows: length, columns: activations.training.width)
            for index in chunk {
                if isCancelled() { throw CancellationError() }
                let document = documents[index]
                let archive = document.isHeldOut ? activations.heldOut : activations.training
                var row = first[index]
                for start in stride(from: 0, to: document.text.count, by: length) {
                    let positions = start..<min(start + length, document.text.count)
                    let counted = document.counted(in: positions)
                    guard !counted.isEmpty else { continue }
                    archive.copy(row..<row + counted.count, into: buffer.pointer)
                    row += counted.count
                    try body(Stretch(document: index, positions: positions, counted: counted, values: buffer.pointer))
                }
            }
        }
    }
}

/// A stored matrix, read row by row.
private struct RowArchive {
    let path: String
    let rows: Int
    let width: Int
    private let archive: SafetensorsFile
    private let info: TensorInfo
    private let bytesPerRow: Int

    init(path: String) throws {
        self.path = path
        archive = try SafetensorsFile(path: path)
        guard let info = archive.info(ActivationHarvest.tensorName), info.shape.count == 2,
            let bytes = info.dtype.byteCount(elements: info.shape[1])
        else { throw PipelineError.empty(path: path, what: "activations") }
        self.info = info
        rows = info.shape[0]
        width = info.shape[1]
        bytesPerRow = bytes
    }

    func copy(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) {
        let source = archive.bytes(of: info).baseAddress!
        for (offset, row) in range.enumerated() {
            Dequantize.row(
                source + row * bytesPerRow, type: info.dtype, count: width, into: target + offset * width)
        }
    }
}
