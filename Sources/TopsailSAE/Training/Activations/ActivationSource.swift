/// An endless stream of activations in an order that is the same every time.
///
/// The source shuffles: rows that are neighbours in a text must not be neighbours in a batch. Training resumes by seeking to
/// where it stopped.
public protocol ActivationSource: AnyObject {
    /// Width of a row.
    var dIn: Int { get }
    /// Rows handed out since the beginning of the stream.
    var position: Int { get }
    /// Goes to where `position` rows have been handed out.
    func seek(to position: Int) throws
    /// Writes the next rows, `[rows, d_in]` fp32.
    func nextBatch(rows: Int, into batch: UnsafeMutablePointer<Float>) throws
}

/// What training has to know about activations before its first step.
public struct ActivationStatistics: Sendable, Hashable {
    /// Shape `[d_in]`.
    public var mean: [Float]
    /// The mean Euclidean norm of a row.
    public var meanNorm: Float

    public init(mean: [Float], meanNorm: Float) {
        self.mean = mean
        self.meanNorm = meanNorm
    }

    /// Measures the next `rows` rows of a source and puts it back where it was.
    public init(measuring source: any ActivationSource, rows: Int = 16_384) throws {
        let (start, dIn, block) = (source.position, source.dIn, 1024)
        var buffer = [Float](repeating: 0, count: block * dIn)
        var sums = [Double](repeating: 0, count: dIn)
        var norms = 0.0
        var seen = 0
        while seen < rows {
            let count = min(block, rows - seen)
            try source.nextBatch(rows: count, into: &buffer)
            for row in 0..<count {
                var squares = 0.0
                for i in 0..<dIn {
                    let value = Double(buffer[row * dIn + i])
                    sums[i] += value
                    squares += value * value
                }
                norms += squares.squareRoot()
            }
            seen += count
        }
        try source.seek(to: start)
        mean = sums.map { Float($0 / Double(max(seen, 1))) }
        meanNorm = Float(norms / Double(max(seen, 1)))
    }
}
