import TerminalKit

let dark = Theme(.dark, depth: .indexed256)
let mono = Theme(.mono, depth: .mono)
let plainASCII = Theme(.mono, depth: .mono, glyphs: .ascii)

/// A frame drawn by `draw`, as text without trailing blanks.
func drawn(_ width: Int, _ height: Int, _ draw: (inout Frame) -> Void) -> String {
    var frame = Frame(width: width, height: height)
    draw(&frame)
    return frame.plainText
}

/// A small generator with a seed, so that a failing case can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
