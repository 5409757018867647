import Foundation

/// What is done to text before it is split and merged.
package enum Normalizer: Sendable, Hashable {
    case none
    /// Canonical composition, Unicode's form C.
    case nfc

    /// Calls `body` with the normalised text.
    func withNormalized(_ text: UTF8Text, _ body: (UTF8Text) -> Void) {
        guard self == .nfc, Self.mayChange(text) else { return body(text) }
        var composed = String(decoding: text.bytes, as: UTF8.self).precomposedStringWithCanonicalMapping
        composed.withUTF8 { body(UTF8Text(UnsafeRawBufferPointer($0))) }
    }

    /// Everything below U+0300, the first combining mark, is composed already; its lead bytes are below 0xCC.
    private static func mayChange(_ text: UTF8Text) -> Bool { text.bytes.contains { $0 >= 0xCC } }
}
