/// Draws the values of a new trial's hyperparameters, one after the other, as the builder asks for
/// them.
protocol Sampler {
    /// The value of a hyperparameter of a new trial.
    ///
    /// The same arguments give the same value.
    mutating func value(of parameter: HyperParameter) throws -> HyperParameterValue
}
