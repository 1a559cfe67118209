import Strata
import StrataSearch

/// The failure of a command: the message, and the exit code.
struct Failure: Error {
    /// The codes of sysexits(3).
    enum Status: Int32 {
        /// EX_USAGE
        case usage = 64
        /// EX_DATAERR
        case data = 65
        /// EX_NOINPUT
        case noInput = 66
        /// EX_OSERR
        case system = 71
        /// EX_CANTCREAT
        case cannotCreate = 73
        /// EX_IOERR
        case output = 74
    }

    let message: String
    let status: Status

    init(_ message: String, _ status: Status) {
        self.message = message
        self.status = status
    }

    /// The failure for an error of the library; `nil` for other errors.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as DataError: self.init("\(error)", Status(error))
        case let error as FileError: self.init("\(error)", Status(error.cause))
        case is GraphError, is ModelError, is NumericsError, is ConfigurationError,
            is HyperParameterError:
            self.init("\(error)", .data)
        default: return nil
        }
    }
}

extension Failure.Status {
    fileprivate init(_ error: DataError) {
        switch error {
        case .notAvailable, .unreadable: self = .noInput
        // The command line was checked before: an argument that the library refuses is data.
        case .corruptSet, .corruptFile, .corruptImage, .oversizedImage, .unknownImageFormat,
            .unsuitableImage, .invalidArgument, .stopped:
            self = .data
        case .unwritable: self = .cannotCreate
        }
    }

    fileprivate init(_ cause: FileError.Cause) {
        switch cause {
        case .contents: self = .data
        case .unreadable: self = .noInput
        case .unwritable: self = .cannotCreate
        }
    }
}
