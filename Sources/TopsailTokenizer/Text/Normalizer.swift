/// What is done to text before it is split and merged.
package enum Normalizer: Sendable, Hashable {
    case none
    /// Canonical composition, Unicode's form C.
    case nfc

    /// The normalised text as UTF-8.
    ///
    /// The composition is the one by which the standard library compares strings. Foundation's on Linux confuses
    /// characters beyond U+FFFF with others: it makes U+1EBE of U+200CA and an acute accent.
    package func normalized(_ text: String) -> [UInt8] {
        switch self {
        case .none: Array(text.utf8)
        case .nfc: text._nfcCodeUnits
        }
    }

    /// Calls `body` with the normalised text.
    func withNormalized(_ text: UTF8Text, _ body: (UTF8Text) -> Void) {
        guard self == .nfc, Self.mayChange(text) else { return body(text) }
        normalized(String(decoding: text.bytes, as: UTF8.self)).withUnsafeBytes { body(UTF8Text($0)) }
    }

    /// Everything below U+0300, the first combining mark, is composed already; its lead bytes are below 0xCC.
    private static func mayChange(_ text: UTF8Text) -> Bool { text.bytes.contains { $0 >= 0xCC } }
}
