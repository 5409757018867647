import Foundation

/// A few points on two axes, joined by a line: how one figure trades against another.
public struct LinePlot: Sendable, Hashable {
    public struct Point: Sendable, Hashable {
        public var x, y: Double
        /// The sign at its place, one column wide.
        public var sign: String
        public var style: Style
        /// Whether the line goes through it.
        public var isOnLine: Bool

        public init(x: Double, y: Double, sign: String, style: Style = .plain, isOnLine: Bool = true) {
            self.x = x
            self.y = y
            self.sign = sign
            self.style = style
            self.isOnLine = isOnLine
        }
    }

    public var points: [Point]
    /// Whether equal ratios of `x` are equally far apart; needs `x > 0`.
    public var isLogarithmic: Bool

    public init(_ points: [Point], isLogarithmic: Bool = false) {
        self.points = points.filter { $0.x.isFinite && $0.y.isFinite && (!isLogarithmic || $0.x > 0) }
        self.isLogarithmic = isLogarithmic
    }

    /// Draws the axes with the ends of their ranges, the line in braille, or dots in ASCII, and the points over it.
    ///
    /// - Parameters:
    ///   - formatX: A value of the horizontal axis in words; likewise `formatY`.
    public func draw(
        into frame: inout Frame, in rect: Rect, theme: Theme, formatX: (Double) -> String, formatY: (Double) -> String
    ) {
        guard !points.isEmpty, rect.width >= 12, rect.height >= 4 else { return }
        let (xs, ys) = (range(points.map { position($0.x) }), range(points.map(\.y)))
        let labels = [formatY(ys.upperBound), formatY(ys.lowerBound)]
        let margin = (labels.map { DisplayWidth.of($0) }.max() ?? 0) + 1
        var area = rect
        var foot = area.cutBottom(1)
        _ = foot.cutLeft(margin)
        let left = area.cutLeft(margin)
        let dim = theme.style(.dim)
        for (label, y) in zip(labels, [left.y, left.maxY - 1]) {
            let shown = TextLayout.fit(label, to: margin - 1, alignment: .trailing)
            frame.put(shown, at: Position(x: left.x, y: y), style: dim, clip: rect)
        }
        let (low, high) = (formatX(value(xs.lowerBound)), formatX(value(xs.upperBound)))
        frame.put(low, at: Position(x: foot.x + 1, y: foot.y), style: dim, clip: rect)
        frame.put(high, at: Position(x: foot.maxX - DisplayWidth.of(high), y: foot.y), style: dim, clip: rect)
        for row in 0..<area.height {
            frame.put(
                theme.glyphs.border.vertical, at: Position(x: area.x, y: area.y + row), style: theme.style(.border))
        }
        _ = area.cutLeft(1)
        var canvas = DotCanvas(width: area.width, height: area.height)
        func place(_ point: Point) -> (x: Double, y: Double) {
            (
                share(position(point.x), of: xs) * Double(canvas.dotsWide - 1),
                (1 - share(point.y, of: ys)) * Double(canvas.dotsHigh - 1)
            )
        }
        let line = points.filter(\.isOnLine).sorted { $0.x < $1.x }.map(place)
        for (from, to) in zip(line, line.dropFirst()) { canvas.line(from: from, to: to) }
        canvas.draw(into: &frame, in: area, isASCII: theme.glyphs.isASCII, style: dim)
        for point in points {
            let dot = place(point)
            let cell = Position(x: area.x + Int(dot.x.rounded()) / 2, y: area.y + Int(dot.y.rounded()) / 4)
            frame.put(point.sign, at: cell, style: point.style, clip: area)
        }
    }

    private func position(_ x: Double) -> Double { isLogarithmic ? log2(x) : x }
    private func value(_ position: Double) -> Double { isLogarithmic ? exp2(position) : position }

    /// The values' range, widened where it is a point.
    private func range(_ values: [Double]) -> ClosedRange<Double> {
        let (low, high) = (values.min()!, values.max()!)
        guard high - low < 1e-9 else { return low...high }
        let margin = max(abs(low) * 0.1, 0.05)
        return low - margin...high + margin
    }

    private func share(_ value: Double, of range: ClosedRange<Double>) -> Double {
        min(1, max(0, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
    }
}

/// Dots of which each cell holds two by four: braille patterns.
struct DotCanvas {
    let width, height: Int
    private var cells: [UInt8]

    init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
        cells = [UInt8](repeating: 0, count: self.width * self.height)
    }

    var dotsWide: Int { 2 * width }
    var dotsHigh: Int { 4 * height }

    /// Bits of the pattern by row and column of the dot within its cell.
    private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    mutating func set(x: Int, y: Int) {
        guard x >= 0, y >= 0, x < dotsWide, y < dotsHigh else { return }
        cells[y / 4 * width + x / 2] |= Self.bits[y % 4][x % 2]
    }

    mutating func line(from: (x: Double, y: Double), to: (x: Double, y: Double)) {
        let steps = max(1, Int(max(abs(to.x - from.x), abs(to.y - from.y)).rounded(.up)))
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            set(
                x: Int((from.x + (to.x - from.x) * share).rounded()),
                y: Int((from.y + (to.y - from.y) * share).rounded())
            )
        }
    }

    func draw(into frame: inout Frame, in rect: Rect, isASCII: Bool, style: Style) {
        for y in 0..<min(height, rect.height) {
            for x in 0..<min(width, rect.width) where cells[y * width + x] != 0 {
                let scalar = Unicode.Scalar(0x2800 + UInt32(cells[y * width + x]))!
                frame.put(
                    isASCII ? "." : String(Character(scalar)), at: Position(x: rect.x + x, y: rect.y + y), style: style,
                    clip: rect)
            }
        }
    }
}
