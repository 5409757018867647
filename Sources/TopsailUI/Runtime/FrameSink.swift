import TerminalKit

/// Where frames go, and what else a terminal can be told. The program joins it to a terminal; tests keep the frame.
@MainActor
public protocol FrameSink: AnyObject {
    func show(_ frame: Frame)
    /// Draws the last frame again, whole.
    func repaint()
    /// Stops the program until it is continued; `false` where there is no job control.
    func suspend() -> Bool
    func setMouse(_ isOurs: Bool)
    /// Whether output waits to be taken, as over a slow line; frames come half as often then.
    var isBackedUp: Bool { get }
}

/// Keeps the last frame.
@MainActor
public final class FrameRecorder: FrameSink {
    public private(set) var frame: Frame?

    public init() {}

    public func show(_ frame: Frame) { self.frame = frame }
    public func repaint() {}
    public func suspend() -> Bool { false }
    public func setMouse(_ isOurs: Bool) {}
    public var isBackedUp: Bool { false }
}
