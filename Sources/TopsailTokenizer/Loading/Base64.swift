import Foundation

/// Base 64 with padding, as files have it.
enum Base64 {
    static func decoded(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { [UInt8]($0) } }

    static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
        decoded(String(decoding: Array(text), as: UTF8.self))
    }
}
