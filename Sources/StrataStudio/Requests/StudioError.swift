#if Server
import Foundation
import HTTPTypes
import Strata
import StrataServer

/// What a request of the page gets instead of an answer.
///
/// The sentence names what came, what is expected and what to change. It holds no path of the
/// machine.
struct StudioError: Error, Hashable {
    let status: HTTPResponse.Status
    let message: String

    init(_ status: HTTPResponse.Status, _ message: String) {
        self.status = status
        self.message = message
    }
}

extension StudioError {
    /// The error of the library, of a file or of the server, in its own words.
    init(_ error: any Error) {
        if let error = error as? StudioError {
            self = error
        } else if let error = error as? ServingError {
            self.init(error.status.http, error.message)
        } else if let error = error as? DataError {
            self.init(.badRequest, error.sentence)
        } else if let error = error as? FileError {
            self.init(.badRequest, error.sentence)
        } else if let error = error as? GraphError {
            self.init(.badRequest, "\(error.withoutSite)")
        } else if error is ModelError || error is ConfigurationError {
            self.init(.badRequest, "\(error)")
        } else {
            self.init(.internalServerError, "the server failed; its log says why")
        }
    }
}

extension FileError {
    /// The error with the name of its file instead of the path.
    fileprivate var sentence: String {
        var error = self
        error.path = path.map { ($0 as NSString).lastPathComponent }
        if case .contents = cause, let file = error.path, file.hasSuffix(".keras") {
            return ServingError.reason(self, file: file)
        }
        return "\(error)"
    }
}

extension DataError {
    /// The error without a path.
    fileprivate var sentence: String {
        switch self {
        case .notAvailable(let set, _, _, _, let cause):
            "\(set) is not in the cache and cannot be downloaded: \(cause); use Shapes, which needs "
                + "no network"
        case .corruptSet(let file, let problem):
            "\(Self.name(file)): \(problem); delete it from the cache, and it is downloaded again"
        case .corruptFile(let file, let problem, let fix): "\(Self.name(file)): \(problem); \(fix)"
        case .corruptImage(let file, let problem):
            "\(Self.corruptImage(file: Self.name(file), problem: problem))"
        case .unknownImageFormat(let file, let found):
            "\(Self.unknownImageFormat(file: Self.name(file), found: found))"
        case .unreadable(let file, let reason):
            "\(Self.name(file)) cannot be read: \(reason); check its permissions"
        case .unwritable(_, let reason): "the cache cannot be written: \(reason); make room"
        case .oversizedImage(let file, let height, let width, let limit):
            "\(Self.oversizedImage(file: Self.name(file), height: height, width: width, limit: limit))"
        case .unsuitableImage, .invalidArgument, .stopped: "\(self)"
        }
    }

    /// Why a picture is not used, without its name and a cure.
    var reason: String {
        switch self {
        case .corruptImage(_, let problem), .unsuitableImage(let problem, _): problem
        case .oversizedImage(_, let height, let width, let limit):
            "it has \(height) × \(width) pixels, where at most \(limit) are read"
        case .unknownImageFormat(_, let found): found
        case .unreadable(_, let reason): "it cannot be read (\(reason))"
        case .notAvailable, .corruptSet, .corruptFile, .unwritable, .invalidArgument, .stopped:
            sentence
        }
    }

    private static func name(_ path: String) -> String { (path as NSString).lastPathComponent }
}
#endif
