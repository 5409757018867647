import Foundation
import TopsailCore
import TopsailFiles
import TopsailTensor

/// One file of delphi's cache: where the latents of a module fired in rows of a corpus, by token ids.
///
/// Of each latent the rows with the largest activations are kept, and of each row the stretch around its largest.
struct DelphiLatents {
    private let archive: SafetensorsFile
    private let locations: UnsignedElements
    private let activations: TensorView
    private let tokens: UnsignedElements
    /// The latents of the file.
    let latents: ClosedRange<Int>

    /// Tokens of a context, as delphi cuts them.
    private static let length = 32
    /// Of so large a share of all activations, those that are stored are no codes of a sparse autoencoder.
    private static let dense = 0.5

    /// - Parameter latents: As the file's name says them.
    init(path: String, latents: ClosedRange<Int>) throws {
        archive = try SafetensorsFile(path: path)
        self.latents = latents
        let places = try archive.require("locations")
        let values = try archive.require("activations")
        guard places.shape.count == 2, places.shape[1] == 3, values.shape == [places.shape[0]],
            let locations = UnsignedElements(archive, places), values.dtype.isFloatingPoint
        else {
            throw InterchangeError(
                path: path, problem: "locations [M, 3] of whole numbers and activations [M] of floats are expected")
        }
        guard let rows = archive.info("tokens") else { throw DelphiLatentsWithoutTokens() }
        guard rows.shape.count == 2, rows.shape[1] > 0, let tokens = UnsignedElements(archive, rows) else {
            throw InterchangeError(path: path, problem: "tokens [rows, length] of whole numbers are expected")
        }
        self.locations = locations
        self.tokens = tokens
        activations = try archive.view(of: values)
        let all = Double(rows.shape[0]) * Double(rows.shape[1]) * Double(latents.count)
        if Double(places.shape[0]) > Self.dense * all {
            throw InterchangeError(
                path: path, problem: "more than half of all activations are stored, so these are no sparse codes",
                hint: "delphi cached the decoder's output before June 2025; run its cache again")
        }
    }

    private var rows: Int { tokens.shape[0] }
    private var width: Int { tokens.shape[1] }

    // MARK: Reading

    /// What one latent did.
    struct Latent {
        fileprivate(set) var fired = 0
        fileprivate(set) var largest: Float = 0
        fileprivate(set) var stretches: [Stretch] = []
    }

    /// A part of a row with a latent's activations.
    struct Stretch {
        let row: Int
        /// Position of the largest activation in the row, and where the stretch begins.
        fileprivate(set) var peak: Int
        fileprivate(set) var strength: Float
        fileprivate(set) var start = 0
        fileprivate(set) var activations: [Float] = []
    }

    /// Share of the corpus' tokens that `count` is.
    func density(_ count: Int) -> Double { Double(count) / Double(rows * width) }

    /// The tokens of a row.
    func tokens(ofRow row: Int) -> [TokenID]? {
        let ids = (0..<width).map { TokenID(exactly: tokens[row * width + $0]) }
        return ids.contains(nil) ? nil : ids.compactMap { $0 }
    }

    /// All latents, with at most `count` stretches each, the strongest first.
    func read(keeping count: Int) throws -> [Latent] {
        var found = [Latent](repeating: Latent(), count: latents.count)
        try forEachEntry { latent, row, position, value in
            found[latent].fired += 1
            found[latent].largest = max(found[latent].largest, value)
            if count > 0, value > 0 { found[latent].note(row, position, value, keeping: count) }
        }
        for latent in found.indices {
            found[latent].stretches.sort { ($0.strength, $1.row) > ($1.strength, $0.row) }
            for number in found[latent].stretches.indices { open(&found[latent].stretches[number]) }
        }
        try forEachEntry { latent, row, position, value in found[latent].fill(row, position, value) }
        return found
    }

    /// Lays the stretch around its largest activation, within the row.
    private func open(_ stretch: inout Stretch) {
        let length = min(Self.length, width)
        stretch.start = min(max(stretch.peak - length / 2, 0), width - length)
        stretch.activations = [Float](repeating: 0, count: length)
    }

    private func forEachEntry(_ body: (_ latent: Int, _ row: Int, _ position: Int, _ value: Float) -> Void) throws {
        var entry = 0
        var stray: Int?
        activations.forEachBlock { block in
            for value in block where stray == nil {
                let row = locations[3 * entry], position = locations[3 * entry + 1], latent = locations[3 * entry + 2]
                if row < rows, position < width, latent < latents.count, value.isFinite {
                    body(latent, row, position, value)
                } else {
                    stray = entry
                }
                entry += 1
            }
        }
        guard let stray else { return }
        throw InterchangeError(
            path: archive.path, place: "entry \(stray)",
            problem: "row, position or latent lies outside of the file, or its activation is no finite number")
    }
}

extension DelphiLatents.Latent {
    /// Remembers a row whose activation is among the largest.
    fileprivate mutating func note(_ row: Int, _ position: Int, _ value: Float, keeping count: Int) {
        if let known = stretches.firstIndex(where: { $0.row == row }) {
            if value > stretches[known].strength {
                stretches[known].peak = position
                stretches[known].strength = value
            }
        } else if stretches.count < count {
            stretches.append(DelphiLatents.Stretch(row: row, peak: position, strength: value))
        } else if let weakest = stretches.indices.min(by: { stretches[$0].strength < stretches[$1].strength }),
            stretches[weakest].strength < value
        {
            stretches[weakest] = DelphiLatents.Stretch(row: row, peak: position, strength: value)
        }
    }

    fileprivate mutating func fill(_ row: Int, _ position: Int, _ value: Float) {
        guard let number = stretches.firstIndex(where: { $0.row == row }) else { return }
        let place = position - stretches[number].start
        if stretches[number].activations.indices.contains(place) { stretches[number].activations[place] = value }
    }
}

/// The corpus that the locations are of is not in the file.
struct DelphiLatentsWithoutTokens: Error {}

/// A tensor of whole numbers, not negative, read where it lies.
struct UnsignedElements {
    let shape: [Int]
    private let bytes: UnsafeRawBufferPointer
    private let size: Int

    /// - Returns: `nil` for any other type.
    init?(_ archive: SafetensorsFile, _ info: TensorInfo) {
        switch info.dtype {
        case .u8, .u16, .u32, .i32, .i64: size = info.dtype.bytesPerBlock
        default: return nil
        }
        shape = info.shape
        bytes = archive.bytes(of: info)
    }

    /// Negative numbers of the signed types come out larger than any place.
    subscript(index: Int) -> Int {
        switch size {
        case 1: Int(bytes[index])
        case 2: Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
        case 4: Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
        default:
            Int(clamping: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
        }
    }
}
