import GRDB

extension CatalogError {
    /// Says in the catalog's words what went wrong below it. Values that were being stored stay out of the text.
    init(wrapping error: any Error, path: String) {
        switch error {
        case let error as CatalogError: self = error
        case let error as DatabaseError: self.init(Self.reason(for: error, path: path))
        case is RowDecodingError: self.init(.damaged(path: path, what: "a row does not hold what it should"))
        default: self.init(.database(path: path, message: String(describing: error)))
        }
    }

    private static func reason(for error: DatabaseError, path: String) -> Reason {
        let message = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: return .cannotOpen(path: path, why: message)
        case .SQLITE_NOTADB: return .notACatalog(path: path)
        case .SQLITE_CORRUPT: return .damaged(path: path, what: message)
        case .SQLITE_READONLY: return .readOnly(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .busy(path: path)
        case .SQLITE_FULL: return .diskFull(path: path)
        case .SQLITE_IOERR: return inputOutput(error, path: path)
        default: return .database(path: path, message: message)
        }
    }

    private static func inputOutput(_ error: DatabaseError, path: String) -> Reason {
        switch error.extendedResultCode {
        // The shared-memory index beside the catalog grows like any file.
        case .SQLITE_IOERR_WRITE, .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_TRUNCATE,
            .SQLITE_IOERR_DIR_FSYNC:
            return .inputOutput(
                path: path, what: "written: the disk, a quota or a limit on file sizes does not allow it")
        case .SQLITE_IOERR_READ, .SQLITE_IOERR_SHORT_READ, .SQLITE_IOERR_FSTAT:
            return .inputOutput(path: path, what: "read: the disk reports an error")
        default:
            return .inputOutput(
                path: path, what: "used: the disk reports an error (\(error.extendedResultCode.rawValue))")
        }
    }
}
