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
    /// The error of the library, of a file or of the server, with a cure for the page.
    init(_ error: any Error) {
        if let error = error as? StudioError {
            self = error
        } else if let error = error as? ServingError {
            self.init(error.status.http, error.message)
        } else if let explanation = Explanation(error) {
            self.init(.badRequest, explanation.text { $0.wordsOfPage })
        } else {
            self.init(.internalServerError, "the server failed; its log says why")
        }
    }

    /// Why a network of the page's blocks cannot be made, with a cure for its fields.
    init(ofNetwork error: any Error) {
        self =
            Explanation(error).map { explanation in
                StudioError(.badRequest, explanation.text { $0.wordsOfBlocks })
            } ?? StudioError(error)
    }
}

extension Explanation {
    /// The facts without a path of the machine, and a cure.
    fileprivate func text(_ words: (Remedy) -> String) -> String {
        var shown = self
        shown.path = path.map { ($0 as NSString).lastPathComponent }
        return shown.text(remedy.map(words))
    }
}

extension Explanation.Remedy {
    /// For who looks at a model with a picture.
    fileprivate var wordsOfPage: String {
        switch self {
        case .largerImage(let size):
            "take a larger picture" + (size.map { ", of at least \(Self.text($0))" } ?? "")
        case .lessMemory: "take a smaller picture, or a model with fewer layers, filters and units"
        case .otherShape: "take another picture, or another model"
        case .otherFile: "put a whole .keras file in its place, with layers that Strata has"
        case .access: "check that it is there, and its permissions"
        case .download: "use Shapes, which needs no network"
        case .room: "make room on its disk, and check its permissions"
        case .words(let words): words
        }
    }

    /// For who puts a network together.
    fileprivate var wordsOfBlocks: String {
        switch self {
        case .largerImage(let size):
            "choose padding same, fewer poolings or smaller strides"
                + (size.map { ", or images of at least \(Self.text($0))" } ?? "")
        case .lessMemory: "choose fewer filters or units, smaller kernels or a smaller batch"
        case .otherShape:
            "put convolutions and poolings before flatten, global pooling and dense layers"
        case .otherFile, .access, .download, .room, .words: wordsOfPage
        }
    }

    private static func text(_ size: [Int]) -> String {
        size.map(String.init).joined(separator: " × ")
    }
}
#endif
