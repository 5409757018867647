/// Numbers in double precision as serde_json reads them, which is up to one unit in the last place beside the nearest.
///
/// The scores of unigram models are compared after adding, so that the last bit can decide between two ways to cut a word.
enum JSONNumber {
    /// - Parameter text: A number that follows the grammar of JSON.
    static func double(_ text: ArraySlice<UInt8>) -> Double {
        var rest = text
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let exponentMark = rest.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? rest.endIndex
        let mantissa = rest[..<exponentMark]
        let point = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.endIndex
        var significand: UInt64 = 0
        var exponent = Int(String(decoding: rest[exponentMark...].dropFirst(), as: UTF8.self)) ?? 0
        exponent = min(max(exponent, -100_000), 100_000)
        var isFull = false
        for digit in mantissa[..<point] {
            isFull = isFull || !append(digit, to: &significand)
            if isFull { exponent += 1 }
        }
        for digit in mantissa[point...].dropFirst() {
            guard !isFull, append(digit, to: &significand) else { break }
            exponent -= 1
        }
        let value = scaled(Double(significand), exponent)
        return isNegative ? -value : value
    }

    /// - Returns: `false`, with nothing changed, when the digit does not fit any more.
    private static func append(_ digit: UInt8, to significand: inout UInt64) -> Bool {
        let (tens, isTooLarge) = significand.multipliedReportingOverflow(by: 10)
        let (sum, overflows) = tens.addingReportingOverflow(UInt64(digit &- 0x30))
        guard !isTooLarge, !overflows else { return false }
        significand = sum
        return true
    }

    private static let powers: [Double] = (0...308).map { Double("1e\($0)")! }

    private static func scaled(_ value: Double, _ exponent: Int) -> Double {
        var value = value
        var exponent = exponent
        while exponent < -308, value != 0 {
            value /= powers[308]
            exponent += 308
        }
        if exponent > 308 { return value == 0 ? 0 : .infinity }
        return exponent >= 0 ? value * powers[exponent] : value / powers[max(0, -exponent)]
    }
}
