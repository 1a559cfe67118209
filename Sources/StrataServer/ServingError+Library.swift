#if Server
import Foundation
import Strata

// The library's errors have cures that name functions of Swift. Whoever asks a server cannot call these:
// here are the same facts with cures in the words of requests and of the repository.

extension ServingError {
    /// What a model says about its data, in one line.
    init(_ error: ModelError) {
        let problem = error.problem
        let cure =
            switch problem {
            case .wrongShape: "resize or reshape the data"
            case .wrongTensorCount: "send one tensor for each, in the model's order"
            case .unequalCounts: "send one for each sample"
            case .noSamples: "send at least one"
            case .notFinite: problem.fix
            case .invalidArgument: "send data that the model takes"
            case .notCompiled, .wrongWeightCount, .wrongWeightShape, .unbuilt: Self.otherFile
            }
        self.init(.invalidArgument, "\(problem.sentence); \(cure)")
    }

    /// What a graph says about a shape, in one line.
    init(_ error: GraphError) {
        let explanation = Explanation(error)
        let cure =
            switch explanation.remedy {
            case .largerImage: "send a larger image"
            case .lessMemory: "send fewer samples in a request, or smaller ones"
            case .otherShape, .otherFile, .access, .download, .room, .words, nil:
                "send data of a shape that the model takes"
            }
        self.init(.invalidArgument, "\(explanation.problem); \(cure)")
    }

    /// Why a picture of a request was not read.
    ///
    /// - Parameter maxPixels: what the request's pictures may have in all.
    init(_ error: DataError, maxPixels: Int) {
        let facts = Explanation(error).facts
        switch error {
        case .oversizedImage:
            self.init(
                .tooLarge,
                "\(facts); the pictures of a request may have \(maxPixels) in all: send smaller "
                    + "ones, or fewer")
        case .corruptImage: self.init(.invalidArgument, "\(facts); send a whole PNG or JPEG file")
        case .unknownImageFormat: self.init(.invalidArgument, "\(facts); send a PNG or JPEG file")
        case .unsuitableImage:
            self.init(.invalidArgument, "\(facts); send numbers instead of a picture")
        case .invalidArgument:
            self.init(.invalidArgument, "\(facts); send smaller pictures, or fewer")
        case .notAvailable, .corruptSet, .corruptFile, .unreadable, .unwritable, .stopped:
            self.init(.internalError, "the picture could not be read; send it again")
        }
    }
}

// MARK: Files of models

extension ServingError {
    private static let otherFile =
        "put a whole .keras file in its place, with layers that Strata has"

    /// Why a file cannot be served, for clients and for the log, without its path on this machine.
    ///
    /// - Parameter file: the file's name.
    package static func reason(_ error: any Error, file: String) -> String {
        guard let explanation = Explanation(error) else {
            return "\(file): it is no model that can be read; \(otherFile)"
        }
        let cure =
            switch explanation.remedy {
            case .lessMemory:
                "put a smaller model in its place, or serve it where there is more memory"
            case .access: "check that it is there, and its permissions"
            case .largerImage, .otherShape, .otherFile, .download, .room, .words, nil: otherFile
            }
        return "\(file): \(explanation.problem); \(cure)"
    }
}
#endif
