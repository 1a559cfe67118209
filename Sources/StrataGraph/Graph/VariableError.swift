/// A variable's value that the engine could not give or take: which variable, why, and what helps.
public struct VariableError: Error, Sendable, Hashable {
    /// What was done with the value.
    public enum Access: Sendable, Hashable {
        case read, written
    }

    /// The variable's name.
    public let variable: String
    public let access: Access
    /// What the engine says.
    public let reason: String

    /// The problem, in one sentence without a full stop.
    package var sentence: String { "the value of \(variable) could not be \(access): \(reason)" }

    /// What helps.
    package var fix: String {
        "free memory and try again, or load the last weights that were saved"
    }
}

extension VariableError: CustomStringConvertible {
    /// Two lines: what is wrong; what helps.
    public var description: String { "\(sentence)\n  fix: \(fix)" }
}

extension GraphError.Problem {
    /// A variable that could not take its first value.
    package init(_ error: VariableError) {
        self = .invalidArgument(error.sentence, fix: error.fix)
    }
}
