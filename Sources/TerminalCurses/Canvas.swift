import CNcurses
import TerminalKit

/// Brings frames onto the screen of ncurses.
struct Canvas {
    /// What the terminal can show, at most what was wanted.
    let depth: ColorDepth
    /// Palette entries; 2^24 with direct colour.
    private let colors: Int
    private let isUTF8: Bool
    private var pairs: ColorPairs
    private var shown: Frame?

    init(depth: ColorDepth = .mono, colors: Int = 0, pairs: Int = 0, isUTF8: Bool = true) {
        let limit: ColorDepth =
            switch colors {
            case ..<8: .mono
            case ..<256: .sixteen
            case ..<(1 << 24): .indexed256
            default: .truecolor
            }
        self.depth = min(depth, limit)
        self.colors = colors
        self.pairs = ColorPairs(capacity: pairs - 1)
        self.isUTF8 = isUTF8
    }

    /// The next frame is drawn whole.
    mutating func forget() { shown = nil }

    mutating func draw(_ frame: Frame) {
        var runs = frame.changes(since: shown)
        if !reservePairs(for: runs, of: frame) {
            // Colours that are on the screen are about to change their meaning, so everything is drawn anew.
            pairs.removeAll()
            runs = frame.changes(since: nil)
            _ = reservePairs(for: runs, of: frame)
        }
        for run in runs { put(run, of: frame) }
        let cursor = frame.cursor ?? Position(x: 0, y: max(0, frame.height - 1))
        tscn_refresh(CInt(cursor.y), CInt(cursor.x), frame.isCursorVisible && frame.cursor != nil)
        shown = frame
    }

    private func put(_ run: Frame.Run, of frame: Frame) {
        var ink: (style: Style, attributes: UInt32, pair: CInt)?
        for x in run.columns {
            let cell = frame.cell(atRow: run.y, column: x)
            // ncurses fills the right half of a wide character by itself; its stand-in in ASCII has none.
            if cell.isContinuation && isUTF8 { continue }
            if ink?.style != cell.style {
                let look = look(of: cell.style)
                ink = (cell.style, UInt32(look.attributes.rawValue), CInt(pairs[look.pair] ?? 0))
            }
            guard let ink else { continue }
            put(cell.text, y: run.y, x: x, attributes: ink.attributes, pair: ink.pair)
        }
    }

    private func put(_ text: String, y: Int, x: Int, attributes: UInt32, pair: CInt) {
        let text = isUTF8 ? text : text.isEmpty ? " " : ASCIIFallback.text(for: text)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 8) { buffer in
            var count = 0
            for scalar in text.unicodeScalars.prefix(5) {
                buffer[count] = scalar.value
                count += 1
            }
            tscn_put(CInt(y), CInt(x), buffer.baseAddress, count, attributes, pair)
        }
    }

    /// - Returns: `false` when there are not enough pairs left.
    private mutating func reservePairs(for runs: [Frame.Run], of frame: Frame) -> Bool {
        guard depth > .mono else { return true }
        var last: Style?
        for run in runs {
            for x in run.columns {
                let style = frame.cell(atRow: run.y, column: x).style
                guard style != last else { continue }
                last = style
                let pair = look(of: style).pair
                guard pair != ColorPairs.Pair(foreground: -1, background: -1), pairs[pair] == nil else { continue }
                guard let number = pairs.insert(pair) else { return false }
                guard tscn_define_pair(CInt(number), CInt(pair.foreground), CInt(pair.background)) else { return false }
            }
        }
        return true
    }

    /// A style as this terminal can show it.
    private func look(of style: Style) -> (pair: ColorPairs.Pair, attributes: Style.Attributes) {
        let reduced = style.reduced(to: depth)
        var attributes = reduced.attributes
        let foreground = number(of: reduced.foreground)
        if colors == 8, foreground >= 8 { attributes.insert(.bold) }
        let fold = { (number: Int) in colors == 8 && number >= 8 ? number - 8 : number }
        return (
            ColorPairs.Pair(foreground: fold(foreground), background: fold(number(of: reduced.background))), attributes
        )
    }

    private func number(of color: TerminalColor) -> Int {
        switch color {
        case .default: return -1
        case .indexed(let index) where depth < .truecolor || index < 8: return Int(index)
        case .indexed, .rgb:
            guard let rgb = color.components else { return -1 }
            // With direct colour the first eight numbers are still the palette's.
            return max(8, Int(rgb.red) << 16 | Int(rgb.green) << 8 | Int(rgb.blue))
        }
    }
}
