/// An error of a search space or of a search: the hyperparameter, the problem and a fix.
public struct HyperParameterError: Error, Sendable, Hashable {
    /// The name of the hyperparameter; `nil` if it is not about a single one.
    public let name: String?
    /// The problem.
    public let problem: String
    /// The fix.
    public let fix: String

    init(_ name: String? = nil, _ problem: String, fix: String) {
        self.name = name
        self.problem = problem
        self.fix = fix
    }
}

extension HyperParameterError: CustomStringConvertible {
    /// Two lines: the problem and the fix.
    public var description: String {
        (name.map { "hyperparameter \($0): " } ?? "") + "\(problem)\n  fix: \(fix)"
    }
}
