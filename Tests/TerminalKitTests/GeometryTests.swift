import TerminalKit
import Testing

@Suite("Geometry") struct GeometryTests {
    @Test("cutting strips uses up the rectangle")
    func cuts() {
        var area = Rect(x: 0, y: 0, width: 80, height: 24)
        #expect(area.cutTop(1) == Rect(x: 0, y: 0, width: 80, height: 1))
        #expect(area.cutBottom(2) == Rect(x: 0, y: 22, width: 80, height: 2))
        #expect(area.cutLeft(20) == Rect(x: 0, y: 1, width: 20, height: 21))
        #expect(area.cutRight(100) == Rect(x: 20, y: 1, width: 60, height: 21))
        #expect(area.isEmpty)
    }

    @Test("sides are never negative")
    func empty() {
        let small = Rect(x: 3, y: 3, width: 1, height: 1)
        #expect(small.interior.isEmpty)
        #expect(small.intersection(Rect(x: 9, y: 9, width: 2, height: 2)).isEmpty)
        #expect(Rect(x: 0, y: 0, width: -4, height: 2).width == 0)
        #expect(small.row(1).isEmpty)
    }

    @Test("what is left over is shared by weight, none of it lost")
    func shares() {
        #expect(Track.share(80, among: [.fixed(19), .flexible(weight: 1), .flexible(weight: 2)]) == [19, 20, 41])
        #expect(Track.share(10, among: [.flexible(), .flexible(), .flexible()], gap: 1) == [2, 3, 3])
        #expect(Track.share(30, among: [.flexible(maximum: 5), .flexible()]) == [5, 25])
        #expect(Track.share(9, among: [.fixed(4), .fixed(4)]) == [4, 4])
        #expect(Track.share(9, among: [.flexible(minimum: 0), .fixed(0), .fixed(4)], gap: 1) == [4, 0, 4])
    }

    @Test("when minima do not fit, the least important track is left out")
    func leavesOut() {
        let tracks = [Track.flexible(minimum: 10, priority: 2), .fixed(8, priority: 0), .fixed(6, priority: 1)]
        #expect(Track.share(24, among: tracks) == [10, 8, 6])
        #expect(Track.share(23, among: tracks) == [17, 0, 6])
        #expect(Track.share(15, among: tracks) == [15, 0, 0])
        #expect(Track.share(9, among: tracks) == [0, 0, 6])
        #expect(Track.share(5, among: tracks) == [0, 0, 0])
    }

    @Test("shares never exceed what there is, and keep every minimum", arguments: 0..<200)
    func sharesAreSound(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let tracks = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
            let minimum = Int.random(in: 1...9, using: &generator)
            return Track(
                minimum: minimum, maximum: minimum + Int.random(in: 0...9, using: &generator),
                weight: Int.random(in: 0...3, using: &generator), priority: Int.random(in: 0...2, using: &generator))
        }
        let available = Int.random(in: 0...60, using: &generator)
        let lengths = Track.share(available, among: tracks, gap: 1)
        let kept = zip(lengths, tracks).filter { $0.0 > 0 }
        let used = lengths.reduce(0, +) + max(0, kept.count - 1)
        #expect(used <= available, "seed \(seed)")
        #expect(kept.allSatisfy { $0.0 >= $0.1.minimum && $0.0 <= $0.1.maximum }, "seed \(seed)")
        let canGrow = kept.contains { $0.1.weight > 0 && $0.0 < $0.1.maximum }
        #expect(used == available || !canGrow, "seed \(seed): \(lengths) of \(available)")
    }

    @Test("columns stand side by side")
    func columns() {
        let rect = Rect(x: 5, y: 2, width: 30, height: 4)
        let places = rect.columns([.fixed(10), .fixed(40), .flexible()], gap: 2)
        #expect(places[0] == Rect(x: 5, y: 2, width: 10, height: 4))
        #expect(places[1].isEmpty)
        #expect(places[2] == Rect(x: 17, y: 2, width: 18, height: 4))
        #expect(rect.rows([.fixed(1), .flexible()])[1] == Rect(x: 5, y: 3, width: 30, height: 3))
    }
}
