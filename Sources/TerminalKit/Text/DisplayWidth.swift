#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The one answer to how many columns a text takes, shared by layout and painting.
///
/// It is libc's `wcwidth` in a UTF-8 locale, because that is what ncurses asks. The locale is set for the calling
/// thread only while asking, so the answer does not depend on what the process chose.
public enum DisplayWidth {
    /// Columns of one scalar: 0 for combining marks, 2 for wide characters, -1 for what cannot be printed.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x7F { return scalar.value >= 0x20 ? 1 : -1 }
        let previous = uselocale(utf8)
        defer { _ = uselocale(previous) }
        return Int(wcwidth(wchar_t(scalar.value)))
    }

    /// Columns of a text as `Frame.put` draws it.
    ///
    /// - Complexity: O(n); a few nanoseconds a byte for ASCII.
    public static func of(_ text: some StringProtocol) -> Int {
        var width = 0
        Glyph.forEach(in: text) { glyph in
            width += glyph.width
            return true
        }
        return width
    }

    /// Columns of one user-perceived character as `Frame.put` draws it.
    public static func of(_ character: Character) -> Int {
        character.printableASCII == nil ? of(String(character)) : 1
    }

    /// glibc has `C.UTF-8` built in; made once and never freed. The handle is immutable, so threads may share it.
    nonisolated(unsafe) private static let utf8: locale_t? = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)

    /// Looked up by name because Swift's overlay of glibc leaves this function of POSIX out.
    private static let wcwidth: @convention(c) (wchar_t) -> CInt = {
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "wcwidth") else { preconditionFailure("libc has no wcwidth") }
        return unsafeBitCast(symbol, to: (@convention(c) (wchar_t) -> CInt).self)
    }()
}
