import Foundation

/// The same two files, `folder/log.txt` and an empty `empty.bin`, in several zip layouts; made with Python's `zipfile`
/// 3.12.
enum ZipSample: String, CaseIterable {
    case deflated, stored
    /// Written to a pipe: the entries' own headers hold no sizes.
    case streamed
    /// The directory's sizes and offsets in 64-bit fields, as archives over 4 GB have them.
    case zip64

    static let text = String(
        repeating: "The sail fills, the line hums, and the log shows what the wind did. ", count: 2)

    var bytes: [UInt8] { [UInt8](Data(base64Encoded: base64, options: .ignoreUnknownCharacters)!) }

    private var base64: String {
        switch self {
        case .deflated:
            """
            UEsDBBQAAAAIAIMYIljEEaG/PgAAAIgAAAAOAAAAZm9sZGVyL2xvZy50eHQLyUhVKE7MzFFIy8zJKdZRKAHyczLzUhUySnOB
            3MS8FIhQfrpCcUZ+ebFCeUZiCVioPBMol5KZoqcQQgUzAFBLAwQUAAAAAACDGCJYAAAAAAAAAAAAAAAACQAAAGVtcHR5LmJp
            blBLAQIUAxQAAAAIAIMYIljEEaG/PgAAAIgAAAAOAAAAAAAAAAAAAACAAQAAAABmb2xkZXIvbG9nLnR4dFBLAQIUAxQAAAAA
            AIMYIlgAAAAAAAAAAAAAAAAJAAAAAAAAAAAAAACAAWoAAABlbXB0eS5iaW5QSwUGAAAAAAIAAgBzAAAAkQAAAAAA
            """
        case .stored:
            """
            UEsDBBQAAAAAAIMYIljEEaG/iAAAAIgAAAAOAAAAZm9sZGVyL2xvZy50eHRUaGUgc2FpbCBmaWxscywgdGhlIGxpbmUgaHVt
            cywgYW5kIHRoZSBsb2cgc2hvd3Mgd2hhdCB0aGUgd2luZCBkaWQuIFRoZSBzYWlsIGZpbGxzLCB0aGUgbGluZSBodW1zLCBh
            bmQgdGhlIGxvZyBzaG93cyB3aGF0IHRoZSB3aW5kIGRpZC4gUEsDBBQAAAAAAIMYIlgAAAAAAAAAAAAAAAAJAAAAZW1wdHku
            YmluUEsBAhQDFAAAAAAAgxgiWMQRob+IAAAAiAAAAA4AAAAAAAAAAAAAAIABAAAAAGZvbGRlci9sb2cudHh0UEsBAhQDFAAA
            AAAAgxgiWAAAAAAAAAAAAAAAAAkAAAAAAAAAAAAAAIABtAAAAGVtcHR5LmJpblBLBQYAAAAAAgACAHMAAADbAAAAAAA=
            """
        case .streamed:
            """
            UEsDBBQACAAIAIMYIlgAAAAAAAAAAAAAAAAOAAAAZm9sZGVyL2xvZy50eHQLyUhVKE7MzFFIy8zJKdZRKAHyczLzUhUySnOB
            3MS8FIhQfrpCcUZ+ebFCeUZiCVioPBMol5KZoqcQQgUzAFBLBwjEEaG/PgAAAIgAAABQSwMEFAAIAAAAgxgiWAAAAAAAAAAA
            AAAAAAkAAABlbXB0eS5iaW5QSwcIAAAAAAAAAAAAAAAAUEsBAhQDFAAIAAgAgxgiWMQRob8+AAAAiAAAAA4AAAAAAAAAAAAA
            AIABAAAAAGZvbGRlci9sb2cudHh0UEsBAhQDFAAIAAAAgxgiWAAAAAAAAAAAAAAAAAkAAAAAAAAAAAAAAIABegAAAGVtcHR5
            LmJpblBLBQYAAAAAAgACAHMAAACxAAAAAAA=
            """
        case .zip64:
            """
            UEsDBBQAAAAIAIMYIljEEaG/PgAAAIgAAAAOAAAAZm9sZGVyL2xvZy50eHQLyUhVKE7MzFFIy8zJKdZRKAHyczLzUhUySnOB
            3MS8FIhQfrpCcUZ+ebFCeUZiCVioPBMol5KZoqcQQgUzAFBLAwQUAAAAAACDGCJYAAAAAAAAAAAAAAAACQAAAGVtcHR5LmJp
            blBLAQIUAxQAAAAIAIMYIljEEaG///////////8OABwAAAAAAAAAAACAAf////9mb2xkZXIvbG9nLnR4dAEAGACIAAAAAAAA
            AD4AAAAAAAAAAAAAAAAAAABQSwECFAMUAAAAAACDGCJYAAAAAAAAAAAAAAAACQAAAAAAAAAAAAAAgAFqAAAAZW1wdHkuYmlu
            UEsGBiwAAAAAAAAALQAtAAAAAAAAAAAAAgAAAAAAAAACAAAAAAAAAI8AAAAAAAAAkQAAAAAAAABQSwYHAAAAACABAAAAAAAA
            AQAAAFBLBQYAAAAA////////////////AAA=
            """
        }
    }
}
