import CNcurses
import Dispatch
import TerminalKit

/// Tells a double click by time and place, so that the first click is never held back.
struct ClickCounter {
    private var last: (button: MouseEvent.Button, position: Position, time: DispatchTime, clicks: Int)?
    private var isLeftDown = false

    mutating func event(_ input: tscn_input, now: DispatchTime = .now()) -> MouseEvent? {
        let position = Position(x: Int(input.x), y: Int(input.y))
        let modifiers = KeyDecoder.modifiers(input.modifiers)
        guard let kind = kind(input, at: position, now: now) else { return nil }
        return MouseEvent(kind, at: position, modifiers: modifiers)
    }

    private mutating func kind(_ input: tscn_input, at position: Position, now: DispatchTime) -> MouseEvent.Kind? {
        let button: MouseEvent.Button = input.button == 2 ? .middle : input.button == 3 ? .right : .left
        switch tscn_mouse(rawValue: input.value) {
        case TSCN_MOUSE_PRESS:
            isLeftDown = button == .left
            let follows = last.map {
                $0.button == button && $0.position == position && now < $0.time + .milliseconds(400)
            }
            let clicks = follows == true ? (last?.clicks ?? 0) % 2 + 1 : 1
            last = (button, position, now, clicks)
            return .press(button, clicks: clicks)
        case TSCN_MOUSE_RELEASE:
            isLeftDown = false
            return .release(button)
        case TSCN_MOUSE_MOVE: return isLeftDown ? .drag : nil
        case TSCN_MOUSE_WHEEL_UP: return .wheelUp
        case TSCN_MOUSE_WHEEL_DOWN: return .wheelDown
        default: return nil
        }
    }
}
