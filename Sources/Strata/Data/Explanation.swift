package import StrataGraph

/// An error in two parts: the facts, and what to do.
///
/// The cures of the library are for who writes Swift. Whoever shows its errors to others, such as the
/// command, the page and the server, takes the facts from here and says the cure in words of their own.
package struct Explanation: Sendable, Hashable {
    /// What helps.
    package enum Remedy: Sendable, Hashable {
        /// An image of at least this height, width, …, if it is known; or a network that shrinks it less.
        case largerImage(atLeast: [Int]?)
        /// Smaller batches, images or networks, or more memory.
        case lessMemory
        /// Data of the shape that the model takes, or layers in another order.
        case otherShape
        /// Another file, with layers that the library has.
        case otherFile
        /// To check that the file is there, and its permissions.
        case access
        /// Another way to a set that could not be downloaded; these words name paths.
        case download(String)
        /// Room in the folder, or another folder; these words are for who starts the program.
        case room(String)
        /// These words, for everyone.
        case words(String)
    }

    /// The file or folder that it is about.
    package var path: String?
    /// The problem, and where it is in the file or the network; one line, unless it lists several.
    package var problem: String
    /// The shapes on the way to the problem, a line each.
    package var shapes: [String] = []
    package var remedy: Remedy?
    /// Whether the facts are lines of their own.
    private var isInLines = false

    /// The place and the problem.
    package var facts: String { ((path.map { [$0] } ?? []) + [problem]).joined(separator: ": ") }

    /// The facts with a cure, as the library's own errors have it.
    package func text(_ cure: String?) -> String {
        guard isInLines else { return facts + (cure.map { "; \($0)" } ?? "") }
        return ([facts] + (shapes + (cure.map { ["fix: \($0)"] } ?? [])).map { "  \($0)" })
            .joined(separator: "\n")
    }

    /// - Returns: `nil` for errors of other libraries.
    package init?(_ error: any Error) {
        switch error {
        case let error as FileError: self.init(error)
        case let error as DataError: self.init(error)
        case let error as GraphError: self.init(error)
        case let error as ModelError: self.init(error)
        case let error as ConfigurationError: self.init(error)
        case let error as DistributionError: self.init(error)
        default: return nil
        }
    }

    private init(_ error: DistributionError) {
        problem = error.problem
        remedy = .words(error.fix)
    }

    private init(_ error: ConfigurationError) {
        problem = error.facts
        remedy = error.cure.words.map { .words($0) }
    }

    package init(_ error: FileError) {
        path = error.path
        problem = (error.location + [error.message]).joined(separator: ": ")
        let words = error.cure.words.map { Remedy.words($0) }
        remedy =
            switch error.cause {
            case .contents: words ?? .otherFile
            case .unreadable: .access
            case .unwritable: words
            }
    }

    package init(_ error: DataError) {
        path = error.path
        problem = error.problem
        remedy =
            switch error {
            case .notAvailable: .download(error.fix)
            case .unwritable: .room(error.fix)
            case .unreadable: .access
            case .corruptSet, .corruptFile, .corruptImage, .oversizedImage, .unknownImageFormat,
                .unsuitableImage, .invalidArgument, .stopped:
                .words(error.fix)
            }
    }

    package init(_ error: GraphError) {
        problem = (error.layer.map { "\($0): " } ?? "") + error.problem.sentence
        isInLines = true
        shapes = error.chain.map { "\($0.layer) -> \($0.shape)" }
        remedy =
            switch error.problem {
            case .tooSmall: .largerImage(atLeast: error.smallestImage)
            case .tooLarge, .noMemory: .lessMemory
            case .notBroadcastable, .wrongWidth, .wrongRank, .cannotReshape, .cannotConcatenate,
                .unknownDimension, .impossibleResult:
                .otherShape
            case .wrongInputCount, .notDivisible, .noGradient, .hostFunctionFailed,
                .unknownOperation, .unknownAttribute, .missingAttribute, .invalidAttribute,
                .invalidArgument:
                .words(error.problem.fix)
            }
    }

    package init(_ error: ModelError) {
        problem = error.problem.sentence
        isInLines = true
        remedy =
            switch error.problem {
            case .wrongTensorCount, .wrongShape, .unequalCounts, .noSamples: .otherShape
            case .notCompiled, .wrongWeightCount, .wrongWeightShape, .unbuilt: .otherFile
            case .notFinite, .invalidArgument: .words(error.problem.fix)
            }
    }
}
