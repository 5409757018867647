/// The wish of one column (or row) when a rectangle is shared out.
public struct Track: Sendable, Hashable {
    /// Fewer cells than this and the track is left out. 0 counts as 1.
    public var minimum: Int
    /// More cells than this are given to others. With 0 the track is left out.
    public var maximum: Int
    /// Share of what is left once every minimum is met.
    public var weight: Int
    /// When not all minima fit, they are met by falling priority, equals in order; what then finds no room is left out.
    public var priority: Int

    public init(minimum: Int, maximum: Int = .max, weight: Int, priority: Int = 0) {
        self.minimum = max(0, minimum)
        self.maximum = max(self.minimum, maximum)
        self.weight = max(0, weight)
        self.priority = priority
    }

    /// Exactly `length` cells.
    public static func fixed(_ length: Int, priority: Int = 0) -> Track {
        Track(minimum: length, maximum: length, weight: 0, priority: priority)
    }

    /// At least `minimum` cells, and a share of the rest.
    public static func flexible(
        minimum: Int = 1, maximum: Int = .max, weight: Int = 1, priority: Int = 0
    ) -> Track {
        Track(minimum: minimum, maximum: maximum, weight: weight, priority: priority)
    }
}

extension Track {
    /// Shares `available` cells among tracks.
    ///
    /// - Returns: One length a track, in order; `0` for a track that had to be left out. The sum with gaps between the
    ///   kept tracks is at most `available`, and equal to it when a kept track can still grow.
    public static func share(_ available: Int, among tracks: [Track], gap: Int = 0) -> [Int] {
        var lengths = [Int](repeating: 0, count: tracks.count)
        var rest = available
        var isFirst = true
        for index in tracks.indices.sorted(by: { (-tracks[$0].priority, $0) < (-tracks[$1].priority, $1) }) {
            let length = max(1, tracks[index].minimum)
            let needed = length + (isFirst ? 0 : gap)
            guard tracks[index].maximum > 0, needed <= rest else { continue }
            lengths[index] = length
            rest -= needed
            isFirst = false
        }
        var growing = tracks.indices.filter {
            tracks[$0].weight > 0 && lengths[$0] > 0 && lengths[$0] < tracks[$0].maximum
        }
        while rest > 0, !growing.isEmpty {
            var weights = growing.reduce(0) { $0 + tracks[$1].weight }
            // The running quotient hands out every cell of this round, so nothing is lost to rounding.
            for index in growing {
                let wish = rest * tracks[index].weight / weights
                let room = tracks[index].maximum - lengths[index]
                let given = min(wish, room)
                lengths[index] += given
                rest -= given
                weights -= tracks[index].weight
            }
            growing.removeAll { lengths[$0] >= tracks[$0].maximum }
        }
        return lengths
    }
}

extension Rect {
    /// Splits the rectangle into columns; a column that did not fit is empty.
    public func columns(_ tracks: [Track], gap: Int = 0) -> [Rect] {
        var left = x
        return Track.share(width, among: tracks, gap: gap).map { length in
            defer { if length > 0 { left += length + gap } }
            return Rect(x: left, y: y, width: length, height: height)
        }
    }

    /// Splits the rectangle into rows; a row that did not fit is empty.
    public func rows(_ tracks: [Track], gap: Int = 0) -> [Rect] {
        var top = y
        return Track.share(height, among: tracks, gap: gap).map { length in
            defer { if length > 0 { top += length + gap } }
            return Rect(x: x, y: top, width: width, height: length)
        }
    }
}
