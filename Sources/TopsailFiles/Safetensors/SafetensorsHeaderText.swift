import Foundation

/// The length field and JSON header of a safetensors file to be written.
///
/// As in the reference implementation the header is padded to eight bytes with spaces and tensors lie by falling size
/// of their element type, then by name, so that every tensor is aligned to its type and equal content gives equal
/// bytes.
struct SafetensorsHeaderText {
    /// The tensors in the order of the data, with offsets from the end of the header.
    private(set) var placed: [DeclaredTensor] = []
    /// Length field, header and padding.
    private(set) var bytes: [UInt8] = []

    init(tensors: [SafetensorsWriter.Declaration], metadata: [String: String]) {
        var end = 0
        let ordered = tensors.sorted {
            ($1.dtype.bytesPerBlock, $0.name) < ($0.dtype.bytesPerBlock, $1.name)
        }
        for tensor in ordered {
            guard let extent = TensorExtent(tensor.shape.map { UInt64($0) }, dtype: tensor.dtype) else {
                preconditionFailure("\(tensor.name) cannot have the shape \(tensor.shape)")
            }
            placed.append(
                DeclaredTensor(
                    name: tensor.name, dtype: tensor.dtype, shape: extent.shape, offset: end,
                    byteCount: extent.byteCount))
            end += extent.byteCount
        }
        var text = Array(Self.json(placed, metadata).utf8)
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
        bytes = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
    }

    private static func json(_ tensors: [DeclaredTensor], _ metadata: [String: String]) -> String {
        var entries: [String] = []
        if !metadata.isEmpty {
            let settings = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            entries.append("\"__metadata__\":{\(settings.joined(separator: ","))}")
        }
        for tensor in tensors {
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let offsets = "\(tensor.offset),\(tensor.offset + tensor.byteCount)"
            let place = #""dtype":"\#(tensor.dtype.name)","shape":[\#(shape)],"data_offsets":[\#(offsets)]"#
            entries.append("\(quoted(tensor.name)):{\(place)}")
        }
        return "{\(entries.joined(separator: ","))}"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
