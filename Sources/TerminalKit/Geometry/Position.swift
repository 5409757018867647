/// A cell of the screen, counted from the top left corner.
public struct Position: Sendable, Hashable {
    /// Column, zero-based.
    public var x: Int
    /// Row, zero-based.
    public var y: Int

    public init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }

    public static let zero = Position(x: 0, y: 0)
}

/// A width and a height in cells.
public struct Size: Sendable, Hashable {
    public var width: Int
    public var height: Int

    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }
}

extension Size: CustomStringConvertible {
    /// `80×24`.
    public var description: String { "\(width)×\(height)" }
}
