import TopsailTensor

/// The header of a NumPy array file, versions 1 to 3.
///
/// Layout: magic, version, header length (u16; u32 from version 2), a Python dictionary literal with `descr`,
/// `fortran_order` and `shape`, padding. Source: NumPy's format description, `numpy/lib/format.py`.
struct NPYHeader {
    /// What an element is.
    enum Element: Hashable {
        case number(DType)
        /// Texts of up to so many UTF-32 units, zero-padded.
        case text(units: Int)
        /// Byte strings, zero-padded.
        case bytes(Int)
    }

    private(set) var element = Element.number(.f32)
    private(set) var isBigEndian = false
    private(set) var shape: [Int] = []
    /// Distances between neighbours in elements, first dimension first; Fortran order counts from the other end.
    private(set) var strides: [Int] = []
    /// Where the elements begin, counted from the start of the file.
    private(set) var dataOffset = 0
    /// What the elements take.
    private(set) var byteCount = 0

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// NumPy itself trusts no header above 10,000 bytes.
    static let largest = 1 << 16

    /// - Parameter bytes: The file, or as much of its start as the header takes.
    init(_ bytes: UnsafeRawBufferPointer, path: String, place: String = "") throws(FileFormatError) {
        var reader = ByteReader(bytes, path: path)
        reader.place = place.isEmpty ? "npy header" : place
        guard bytes.starts(with: Self.magic) else {
            let found = FileKind.recognise(bytes)?.description
            throw FileFormatError(
                path: path, place: place, reason: .notThisFormat(expected: "a NumPy array (npy)", found: found))
        }
        _ = try reader.take(UInt64(Self.magic.count), what: "a magic number")
        let major = try reader.integer(UInt8.self)
        let minor = try reader.integer(UInt8.self)
        guard (1...3).contains(major), minor == 0 else {
            throw reader.error(.unsupported("npy version \(major).\(minor)"))
        }
        let length = major == 1 ? Int(try reader.integer(UInt16.self)) : Int(try reader.integer(UInt32.self))
        guard length <= Self.largest else { throw reader.error(.outOfRange("a header of \(length) bytes is too long")) }
        var literal = PythonLiteral(try reader.take(UInt64(length), what: "a header length"))
        dataOffset = reader.position
        do {
            try read(literal.dictionary(), reader)
        } catch let error as PythonLiteral.Failure {
            throw reader.error(.corrupt("the header is not a dictionary: \(error.what)"))
        } catch let error as FileFormatError {
            throw error
        } catch {
            throw reader.error(.corrupt("the header cannot be read"))
        }
    }

    private mutating func read(_ entries: [String: PythonLiteral.Value], _ reader: ByteReader) throws {
        guard case .text(let type)? = entries["descr"] else {
            if case .sequence? = entries["descr"] { throw reader.error(.unsupported("a structured type")) }
            throw reader.error(.missingKey("descr"))
        }
        guard case .bool(let isFortran)? = entries["fortran_order"] else {
            throw reader.error(.missingKey("fortran_order"))
        }
        guard case .sequence(let extents)? = entries["shape"] else { throw reader.error(.missingKey("shape")) }
        try readType(type, reader)
        for extent in extents {
            guard case .int(let size) = extent, size >= 0 else {
                throw reader.error(.corrupt("a shape holds whole numbers"))
            }
            shape.append(size)
        }
        guard shape.count <= 32 else { throw reader.error(.outOfRange("\(shape.count) dimensions are too many")) }
        guard let total = Self.product(shape + [elementSize]) else { throw reader.error(TensorExtent.uncountable) }
        byteCount = total
        strides = isFortran ? TensorView.rowMajor(shape.reversed()).reversed() : TensorView.rowMajor(shape)
    }

    /// Bytes of one element.
    var elementSize: Int {
        switch element {
        case .number(let dtype): dtype.bytesPerBlock
        case .text(let units): units * 4
        case .bytes(let count): count
        }
    }

    private mutating func readType(_ text: String, _ reader: ByteReader) throws(FileFormatError) {
        let unsupported = reader.error(.unsupported("the element type '\(text.prefix(32))'"))
        guard let order = text.first, "<>|=".contains(order), let kind = text.dropFirst().first else {
            throw unsupported
        }
        isBigEndian = order == ">"
        if kind == "O" { throw reader.error(.refused("the element type '\(text)', pickled Python objects,")) }
        guard let size = Int(text.dropFirst(2)), size >= 0, size < 1 << 20 else { throw unsupported }
        switch kind {
        case "U": element = .text(units: size)
        case "S": element = .bytes(size)
        default:
            guard let dtype = Self.types["\(kind)\(size)"] else { throw unsupported }
            element = .number(dtype)
        }
    }

    private static let types: [String: DType] = [
        "f2": .f16, "f4": .f32, "f8": .f64, "i1": .i8, "i2": .i16, "i4": .i32, "i8": .i64, "u1": .u8, "u2": .u16,
        "u4": .u32, "u8": .u64, "b1": .bool,
    ]

    /// - Returns: `nil` past `Int.max`, also when a later factor is zero.
    private static func product(_ factors: [Int]) -> Int? {
        var result = 1
        for factor in factors {
            let (product, overflows) = result.multipliedReportingOverflow(by: factor)
            if overflows { return nil }
            result = product
        }
        return result
    }
}
