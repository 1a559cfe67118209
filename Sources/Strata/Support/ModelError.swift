/// An error of a model's data or settings: the problem and a fix.
public struct ModelError: Error, Sendable, Hashable {
    /// The facts.
    public enum Problem: Sendable, Hashable {
        case wrongTensorCount(what: String, got: Int, expected: Int)
        /// Samples whose shape does not match the model's input or output.
        case wrongShape(name: String, got: [Int], expected: Shape)
        case unequalCounts(what: String, got: Int, samples: Int)
        case noSamples
        /// A value that is NaN or infinite.
        case notFinite(name: String, index: [Int], value: Float)
        case notCompiled(call: String)
        case invalidArgument(String, fix: String)
        case wrongWeightCount(got: Int, expected: Int)
        case wrongWeightShape(name: String, got: [Int], expected: [Int])
        case unbuilt(model: String)
    }

    public let problem: Problem

    public init(_ problem: Problem) {
        self.problem = problem
    }
}

extension ModelError {
    init(_ error: VariableError) {
        self.init(.invalidArgument(error.sentence, fix: error.fix))
    }
}

extension ModelError: CustomStringConvertible {
    /// Two lines: the problem and the fix.
    public var description: String { "\(problem.sentence)\n  fix: \(problem.fix)" }
}

extension ModelError.Problem {
    /// The problem alone.
    package var sentence: String {
        switch self {
        case .wrongTensorCount(let what, let got, let expected):
            "\(got) \(what) were given, but the model has \(expected)"
        case .wrongShape(let name, let got, let expected):
            "\(name) has shape \(got), but the model takes \(expected)"
        case .unequalCounts(let what, let got, let samples):
            "there are \(got) \(what) for \(samples) samples"
        case .noSamples:
            "there are no samples"
        case .notFinite(let name, let index, let value):
            "\(name)\(index) is \(value)"
        case .notCompiled(let call):
            "\(call) needs a compiled model"
        case .invalidArgument(let what, _):
            what
        case .wrongWeightCount(let got, let expected):
            "\(got) weights were given, but the model has \(expected)"
        case .wrongWeightShape(let name, let got, let expected):
            "weight \(name) has shape \(expected), but a value of shape \(got) was given"
        case .unbuilt(let model):
            "model \(model) has no weights yet, because it does not know the shape of its input"
        }
    }

    package var fix: String {
        switch self {
        case .wrongTensorCount: "give one tensor for each, in the model's order"
        case .wrongShape(_, let got, let expected):
            got.map(Optional.init) == Array(expected.dimensions.dropFirst())
                ? "leave the number of samples out of the input's shape: Input(shape: x[0].shape)"
                : "resize or reshape the data, or make the model with another Input(shape:)"
        case .unequalCounts: "give one for each sample"
        case .noSamples: "give at least one"
        case .notFinite: "clean the data: look for missing values, and for divisions by 0"
        case .notCompiled: "call compile(optimizer:loss:metrics:) first"
        case .invalidArgument(_, let fix): fix
        case .wrongWeightCount: "give as many tensors as weights has, in that order"
        case .wrongWeightShape: "take the weights of a model with the same layers"
        case .unbuilt: "begin it with an Input, or call build(inputShape:)"
        }
    }
}
