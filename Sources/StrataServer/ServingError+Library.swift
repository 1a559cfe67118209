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
        self.init(.invalidArgument, "\(error.facts); \(Self.cure(error))")
    }

    private static func cure(_ error: GraphError) -> String {
        if case .tooSmall = error.problem { return "send a larger image" }
        return error.isOfMemory
            ? "send fewer samples in a request, or smaller ones"
            : "send data of a shape that the model takes"
    }

    /// Why a picture of a request was not read.
    ///
    /// - Parameter maxPixels: what the request's pictures may have in all.
    init(_ error: DataError, maxPixels: Int) {
        switch error {
        case .oversizedImage(let file, let height, let width, _):
            self.init(
                .tooLarge,
                "\(file): \(height) × \(width) pixels are too many; the pictures of a request may have "
                    + "\(maxPixels) in all: send smaller ones, or fewer")
        case .corruptImage(let file, let problem):
            self.init(.invalidArgument, "\(file): \(problem); send a whole PNG or JPEG file")
        case .unknownImageFormat(let file, let found):
            self.init(.invalidArgument, "\(file): \(found); send a PNG or JPEG file")
        case .unsuitableImage(let problem, _):
            self.init(.invalidArgument, "\(problem); send numbers instead of a picture")
        case .invalidArgument(let problem, _):
            self.init(.invalidArgument, "\(problem); send smaller pictures, or fewer")
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
        if let error = error as? FileError {
            let cure =
                switch error.cause {
                case .contents: otherFile
                case .unreadable, .unwritable: "check that it is there, and its permissions"
                }
            let facts = ([file] + error.location + [error.facts]).joined(separator: ": ")
            return "\(facts); \(cure)"
        }
        if let error = error as? GraphError {
            let cure =
                error.isOfMemory
                ? "put a smaller model in its place, or serve it where there is more memory"
                : otherFile
            return "\(file): \(error.facts); \(cure)"
        }
        let problem =
            (error as? ModelError)?.problem.sentence ?? "it is no model that can be read"
        return "\(file): \(problem); \(otherFile)"
    }

    /// The error of a file on the command line, with its path.
    static func unusable(_ error: FileError) -> FileError {
        guard case .contents = error.cause else { return error }
        var error = error
        error.message = error.facts
        error.fix = "give a whole .keras file, with layers that Strata has"
        return error
    }
}

extension FileError {
    /// The problem without the cure that some messages have.
    fileprivate var facts: String {
        message.range(of: "; ").map { String(message[..<$0.lowerBound]) } ?? message
    }
}

extension GraphError {
    /// The layer and the problem.
    fileprivate var facts: String {
        (layer.map { "\($0): " } ?? "") + problem.sentence
    }

    /// Whether there is too little memory.
    fileprivate var isOfMemory: Bool {
        if case .tooLarge = problem { return true }
        if case .noMemory = problem { return true }
        return false
    }
}
#endif
