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
        case is NumericsError, is HyperParameterError: self.init("\(error)", .data)
        default:
            guard let explanation = Explanation(error) else { return nil }
            let status =
                (error as? DataError).map { Status($0) }
                ?? (error as? FileError).map { Status($0.cause) }
            self.init(explanation.text(explanation.cureOfCommand), status ?? .data)
        }
    }
}

extension Explanation {
    /// What to do, in words of the command line.
    fileprivate var cureOfCommand: String? {
        switch remedy {
        case .largerImage(let size):
            "give a larger picture"
                + (size.map {
                    ", of at least \($0.map(String.init).joined(separator: " × ")) pixels"
                } ?? "")
        case .lessMemory: "use a smaller batch, picture or model, or end other programs"
        case .otherShape: "give data of the shape that the model takes, or another model"
        case .otherFile:
            path?.hasSuffix(".keras") == true
                ? "give a whole .keras file, with layers that Strata has" : nil
        case .access: "check the path and its permissions"
        case .download(let words), .room(let words), .words(let words): words
        case nil: nil
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
