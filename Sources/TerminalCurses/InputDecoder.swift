import CNcurses
import Dispatch
import TerminalKit

/// Turns what ncurses reads into events.
struct InputDecoder {
    private var paste: PasteReader?
    private var lastPasteByte = DispatchTime.now()
    private var clicks = ClickCounter()

    /// Reads all there is, without waiting.
    mutating func drain(_ emit: (InputEvent) -> Void) {
        while true {
            if paste != nil {
                guard let text = readPaste() else { return }
                emit(.paste(text))
            }
            let input = tscn_next_input()
            switch input.kind {
            case TSCN_NOTHING: return
            case TSCN_PASTE_BEGIN: begin()
            case TSCN_CHARACTER where input.value == 0x1B: escape(emit)
            default: if let event = event(input) { emit(event) }
            }
        }
    }

    /// Escape alone, or before what Alt sends: an escape and the key itself, at once.
    private mutating func escape(_ emit: (InputEvent) -> Void) {
        let next = tscn_next_input()
        switch next.kind {
        case TSCN_CHARACTER where next.value == UInt8(ascii: "["): sequence(emit)
        case TSCN_CHARACTER where next.value != 0x1B, TSCN_KEY:
            guard case .key(var chord)? = event(next) else { return }
            chord.modifiers.insert(.alt)
            emit(.key(chord))
        default:
            emit(.key("Esc"))
            if next.kind == TSCN_PASTE_BEGIN {
                begin()
            } else if next.kind == TSCN_CHARACTER {
                emit(.key("Esc"))
            } else if let event = event(next) {
                emit(event)
            }
        }
    }

    /// A control sequence that ncurses does not know: a report of the mouse, or one nobody asked for, which is read to its
    /// last byte (ECMA-48, section 5.4), because the rest of it would be typed. Without a rest it is Alt and `[`.
    private mutating func sequence(_ emit: (InputEvent) -> Void) {
        var next = tscn_next_input()
        if next.kind == TSCN_NOTHING { return emit(.key(KeyChord("[", .alt))) }
        var text = ""
        while next.kind == TSCN_CHARACTER, (0x20...0x3F).contains(next.value) {
            text.unicodeScalars.append(Unicode.Scalar(next.value)!)
            next = tscn_next_input()
        }
        switch next.kind {
        case TSCN_CHARACTER where (0x40...0x7E).contains(next.value):
            if let input = MouseReport.input(text, final: next.value), let event = event(input) { emit(event) }
        case TSCN_CHARACTER where next.value == 0x1B: escape(emit)
        case TSCN_PASTE_BEGIN: begin()
        default: if let event = event(next) { emit(event) }
        }
    }

    private mutating func event(_ input: tscn_input) -> InputEvent? {
        switch input.kind {
        case TSCN_CHARACTER: return Unicode.Scalar(input.value).map { .key(KeyDecoder.chord(for: $0)) }
        case TSCN_KEY: return KeyDecoder.chord(key: input.value, modifiers: input.modifiers).map { .key($0) }
        case TSCN_MOUSE: return clicks.event(input).map { .mouse($0) }
        default: return nil
        }
    }

    private mutating func begin() {
        paste = PasteReader()
        lastPasteByte = .now()
    }

    /// The pasted text once it is whole; `nil` while more must come.
    private mutating func readPaste() -> String? {
        guard var reader = paste else { return nil }
        paste = nil
        var bytes = [UInt8](repeating: 0, count: PasteReader.endMark.count)
        while true {
            let count = tscn_read_bytes(&bytes, CInt(reader.safeCount))
            if count > 0 {
                lastPasteByte = .now()
                if reader.feed(bytes[..<Int(count)]) { return reader.text }
                continue
            }
            // A terminal that forgets the end mark must not swallow keys for ever.
            let isStale = DispatchTime.now() > lastPasteByte + .seconds(2)
            if count < 0 || isStale { return reader.text }
            paste = reader
            return nil
        }
    }
}
