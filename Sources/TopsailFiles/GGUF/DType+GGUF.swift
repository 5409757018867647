import TopsailTensor

extension DType {
    /// The type with this number in a GGUF file.
    ///
    /// - Throws: `unsupported`, with the name where ggml has one.
    init(ggufNumber number: UInt32, _ reader: ByteReader) throws(FileFormatError) {
        guard let type = DType(ggufNumber: number) else {
            let name = Self.unreadGGUFTypes[number] ?? "number \(number)"
            throw reader.error(.unsupported("the tensor type \(name)"))
        }
        self = type
    }

    /// Types of ggml that are not read here. Source: `enum ggml_type` in ggml's `ggml.h`.
    private static let unreadGGUFTypes: [UInt32: String] = [
        4: "Q4_2", 5: "Q4_3", 9: "Q8_1", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
        21: "IQ3_S", 22: "IQ2_S", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4",
    ]
}
