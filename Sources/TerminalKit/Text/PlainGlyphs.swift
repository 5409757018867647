/// The scalars that are glyphs by themselves wherever they stand beside one another: printable ASCII, and the
/// punctuation, arrows, mathematics, box drawing, blocks and dingbats of U+2000 to U+27FF.
///
/// No rule of Unicode's text segmentation (UAX #29, section 3.1.1) joins two of these, so a run of them is drawn
/// without asking where its characters end. A mark, a joiner or a selector behind one joins it; those are not in the table.
enum PlainGlyphs {
    /// Calls `body` for each glyph from the byte `start` on.
    ///
    /// - Parameters:
    ///   - bytes: Valid UTF-8.
    ///   - start: Where a character begins.
    /// - Returns: Where the first character begins that is not known to be plain, or the end of the text; `nil` when
    ///   `body` wanted no more.
    static func forEach(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ body: (Glyph) -> Bool) -> Int? {
        var place = start
        var current = glyph(in: bytes, at: place)
        while let found = current {
            let end = place + found.length
            let next = glyph(in: bytes, at: end)
            // What follows may be a mark upon this one.
            guard next != nil || end == bytes.count else { return place }
            guard body(found.glyph) else { return nil }
            place = end
            current = next
        }
        return place
    }

    private static func glyph(in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> (glyph: Glyph, length: Int)? {
        guard place < bytes.count else { return nil }
        let lead = bytes[place]
        if lead < 0x80 { return lead >= 0x20 && lead < 0x7F ? (Glyph.ascii[Int(lead)], 1) : nil }
        guard lead == 0xE2, bytes[place + 1] < 0xA0 else { return nil }
        let offset = Int(bytes[place + 1] & 0x1F) << 6 | Int(bytes[place + 2] & 0x3F)
        return symbols[offset].map { ($0, 3) }
    }

    /// U+2000 to U+27FF; `nil` for marks, format characters and what has no width.
    private static let symbols: [Glyph?] = (0x2000...0x27FF).map { value in
        guard let scalar = Unicode.Scalar(UInt32(value)), !scalar.properties.isGraphemeExtend else { return nil }
        let width = DisplayWidth.of(scalar)
        return width > 0 && Glyph.standIn(for: scalar) == scalar ? Glyph(String(scalar), width: width) : nil
    }
}
