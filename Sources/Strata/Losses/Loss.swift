/// What training makes small.
public protocol Loss: Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    /// The name in logs.
    var name: String { get }
    /// How the values of the samples become one number.
    var reduction: LossReduction { get }
    /// Keras's arguments, `name` and `reduction` among them.
    var config: [String: JSONValue] { get }

    init(_ configuration: Configuration) throws(ConfigurationError)

    /// One value for each sample (and each place of the output, where it has several).
    ///
    /// - Parameters:
    ///   - targets: what should come out, as given by the user.
    ///   - predictions: what came out, `[batch, …]`.
    /// - Returns: the values before weights and reduction, `[batch, …]`.
    func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor
}

/// How a loss's values become one number, by Keras's names.
public enum LossReduction: String, Sendable, Hashable {
    /// The sum, divided by the number of values.
    case sumOverBatchSize = "sum_over_batch_size"
    /// The same as ``sumOverBatchSize``.
    case mean
    /// The sum, divided by the sum of the sample weights.
    case meanWithSampleWeight = "mean_with_sample_weight"
    case sum
    /// The values as they are.
    case none
}

extension Loss {
    /// The loss of a batch: the values, weighted and reduced.
    ///
    /// - Parameters:
    ///   - targets: what should come out.
    ///   - predictions: what came out, `[batch, …]`.
    ///   - sampleWeight: `[batch]` or of the values' shape; all 1 if left out.
    public func callAsFunction(
        _ targets: SymbolicTensor, _ predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor? = nil
    ) -> SymbolicTensor {
        var values = values(targets: targets, predictions: predictions)
        var weight = sampleWeight?.cast(to: .float32)
        if let given = weight, given.rank < values.rank {
            let ones = Array(repeating: Int?.some(1), count: values.rank - given.rank)
            weight = given.reshaped(Shape(given.shape.dimensions + ones))
        } else if let given = weight, given.rank == values.rank + 1, given.shape[-1] == 1 {
            weight = given.reshaped(Shape(Array(given.shape.dimensions.dropLast())))
        }
        if let weight { values = values * weight }
        switch reduction {
        case .none: return values
        case .sum: return values.sum()
        case .sumOverBatchSize, .mean: return values.mean()
        case .meanWithSampleWeight:
            guard let weight else { return values.mean() }
            // Keras adds its epsilon so that weights of 0 alone give 0 and not a NaN.
            return values.sum() / (weight.broadcast(to: values.shape).sum() + 1e-7)
        }
    }

    /// The loss as Keras writes it.
    public var serialized: SerializedObject {
        SerializedObject(module: "keras.losses", className: Self.className, config: config)
    }
}
