/// A rectangle of cells. Empty when either side is zero; sides are never negative.
public struct Rect: Sendable, Hashable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    public init(_ size: Size) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

    public var minX: Int { x }
    public var minY: Int { y }
    /// One past the last column.
    public var maxX: Int { x + width }
    /// One past the last row.
    public var maxY: Int { y + height }
    public var origin: Position { Position(x: x, y: y) }
    public var size: Size { Size(width: width, height: height) }
    public var isEmpty: Bool { width == 0 || height == 0 }
}

extension Rect {
    public func contains(_ position: Position) -> Bool {
        position.x >= minX && position.x < maxX && position.y >= minY && position.y < maxY
    }

    /// The cells both rectangles hold; empty when they do not meet.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(minX, other.minX)
        let top = max(minY, other.minY)
        return Rect(
            x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    /// The rectangle without a margin on each side; a margin that does not fit leaves nothing.
    public func inset(horizontal: Int = 0, vertical: Int = 0) -> Rect {
        Rect(x: x + horizontal, y: y + vertical, width: width - 2 * horizontal, height: height - 2 * vertical)
    }

    /// What is left inside a border of one cell.
    public var interior: Rect { inset(horizontal: 1, vertical: 1) }

    /// One row of the rectangle, counted from its top.
    public func row(_ index: Int) -> Rect {
        index >= 0 && index < height
            ? Rect(x: x, y: y + index, width: width, height: 1) : Rect(x: x, y: y, width: 0, height: 0)
    }

    /// A rectangle of the given size in the middle of this one, cut to fit.
    public func centered(_ size: Size) -> Rect {
        let width = min(size.width, self.width)
        let height = min(size.height, self.height)
        return Rect(
            x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width, height: height)
    }
}

/// Cutting strips off a rectangle, the way a screen is laid out from its edges inwards.
extension Rect {
    /// Takes up to `rows` rows off the top and returns them.
    public mutating func cutTop(_ rows: Int) -> Rect {
        let taken = min(max(0, rows), height)
        defer {
            y += taken
            height -= taken
        }
        return Rect(x: x, y: y, width: width, height: taken)
    }

    /// Takes up to `rows` rows off the bottom and returns them.
    public mutating func cutBottom(_ rows: Int) -> Rect {
        let taken = min(max(0, rows), height)
        height -= taken
        return Rect(x: x, y: y + height, width: width, height: taken)
    }

    /// Takes up to `columns` columns off the left side and returns them.
    public mutating func cutLeft(_ columns: Int) -> Rect {
        let taken = min(max(0, columns), width)
        defer {
            x += taken
            width -= taken
        }
        return Rect(x: x, y: y, width: taken, height: height)
    }

    /// Takes up to `columns` columns off the right side and returns them.
    public mutating func cutRight(_ columns: Int) -> Rect {
        let taken = min(max(0, columns), width)
        width -= taken
        return Rect(x: x + width, y: y, width: taken, height: height)
    }
}
