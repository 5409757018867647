import Foundation

extension FileManager {
    func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Names in a folder in order, hidden ones left out; none when it cannot be read.
    func visibleNames(in folder: String) -> [String] {
        ((try? contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }
}

extension Error {
    /// What the system said: `Permission denied` rather than Foundation's sentence around it.
    var systemReason: String {
        let error = self as NSError
        if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(CInt(error.code))) }
        if let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error { return cause.systemReason }
        return error.localizedDescription
    }
}
