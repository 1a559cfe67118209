/// How much a hyperparameter decides about the objective.
public struct HyperParameterImportance: Sendable, Hashable {
    /// The hyperparameter's name.
    public let name: String
    /// The share of all importance, 0 to 1.
    public let importance: Double
}
