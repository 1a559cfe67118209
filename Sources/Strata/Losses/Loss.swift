/// A loss function, which training minimizes.
public protocol Loss: Sendable {
    /// Keras's name of the class.
    static var className: String { get }
    /// The name in logs.
    var name: String { get set }
    /// How the values are reduced to a scalar.
    var reduction: LossReduction { get set }
    /// Keras's arguments, `name` and `reduction` among them.
    var config: [String: JSONValue] { get }

    init(configuration: Configuration) throws(ConfigurationError)

    /// One value for each sample, or for each position of an output with several.
    ///
    /// - Parameters:
    ///   - targets: `float32`, of the predictions' rank where Keras would change it.
    ///   - predictions: the model's output, `[batch, …]`.
    /// - Returns: the values before weights and reduction, `[batch, …]`.
    func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor

    /// 1 for each value that counts and 0 for the others; `nil` if all count.
    ///
    /// - Parameter values: the result of ``values(targets:predictions:)``.
    func mask(targets: SymbolicTensor, values: SymbolicTensor) -> SymbolicTensor?

    /// The problem with these targets; `nil` if there is none, or if the shapes alone decide.
    ///
    /// - Parameters:
    ///   - targets: as given by the user.
    ///   - predictions: the shape of the predictions.
    func problem(targets: Tensor, predictions: Shape) -> GraphError.Problem?

    /// The loss as a configuration of a model names it.
    var json: JSONValue { get }
}

/// How the values of a loss are reduced to a scalar, by Keras's names.
public enum LossReduction: String, Sendable, Hashable, CaseIterable {
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
    public func mask(targets: SymbolicTensor, values: SymbolicTensor) -> SymbolicTensor? { nil }

    public func problem(targets: Tensor, predictions: Shape) -> GraphError.Problem? { nil }

    /// The loss of a batch: its values, weighted and reduced.
    ///
    /// - Parameters:
    ///   - targets: the targets.
    ///   - predictions: the model's output, `[batch, …]`.
    ///   - sampleWeight: `[batch]` or of the values' shape; all 1 if left out.
    ///   - mask: 1 for each prediction that counts and 0 for the others; all count if left out.
    public func callAsFunction(
        _ targets: SymbolicTensor, _ predictions: SymbolicTensor,
        sampleWeight: SymbolicTensor? = nil, mask: SymbolicTensor? = nil
    ) -> SymbolicTensor {
        value(targets, predictions, sampleWeight: sampleWeight, mask: mask, ranks: nil)
    }

    /// The same; of several ranks' batch, this rank's term.
    func value(
        _ targets: SymbolicTensor, _ predictions: SymbolicTensor, sampleWeight: SymbolicTensor?,
        mask given: SymbolicTensor?, ranks: GlobalBatch?
    ) -> SymbolicTensor {
        let (targets, predictions) = SymbolicTensor.aligned(
            targets.cast(to: .float32), predictions.cast(to: .float32))
        let values = values(targets: targets, predictions: predictions)
        if ranks != nil, values.error == nil, !isSumOverSamples(values, of: predictions) {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument(
                        "\(name) is not a sum over samples, which several ranks could share",
                        fix: "train with one rank, or use a loss with one value for each sample")))
        }
        let mask = SymbolicTensor.both(given, mask(targets: targets, values: values))
        return reduction.reduce(
            values, weight: weight(sampleWeight?.cast(to: .float32), masked: mask, ranks),
            ranks)
    }

    /// Whether each value is one sample's, so that several ranks can have a part of them.
    private func isSumOverSamples(_ values: SymbolicTensor, of predictions: SymbolicTensor) -> Bool
    {
        let axes: [Int] =
            switch config["axis"] {
            case .array(let items): items.compactMap(\.integer)
            case let axis: axis?.integer.map { [$0] } ?? []
            }
        let isOverBatch = axes.contains { $0 == 0 || $0 == -predictions.rank }
        return values.rank > 0 && values.shape[0] == predictions.shape[0] && !isOverBatch
            && !(self is Circle)
    }

    /// The sample weights with 0 where the mask is 0.
    private func weight(
        _ weight: SymbolicTensor?, masked mask: SymbolicTensor?, _ ranks: GlobalBatch?
    ) -> SymbolicTensor? {
        guard var mask else { return weight }
        if reduction == .mean || reduction == .sumOverBatchSize {
            // The values that count are scaled up, so that the mean over all is the mean over
            // these.
            let own = mask.shape.elementCount ?? 1
            let count = ranks?.elementCount(own) ?? .constant(Float(own))
            mask = mask * count.dividedOrZero(by: mask.sum(over: ranks))
        }
        return .weight(weight, times: mask)
    }

    /// The name in logs of a loss that was given none, which Keras makes from the class's name.
    public static var defaultName: String { LayerNames.snakeCase(className) }

    /// `name` and `reduction`, which the configurations of all losses have.
    var baseConfig: [String: JSONValue] {
        ["name": .string(name), "reduction": .string(reduction.rawValue)]
    }

    public var json: JSONValue { serialized.json }

    /// The loss as Keras writes it.
    public var serialized: SerializedObject {
        let object = SerializedObject(
            module: "keras.losses", className: Self.className, config: config)
        if LossRegistry.types.contains(where: { $0 == Self.self }) { return object }
        return object.registered(
            as: LossRegistry.custom.registeredName(
                of: ObjectIdentifier(Self.self), className: Self.className))
    }
}

extension LossReduction {
    /// The values, weighted and reduced as by Keras 3.15.1 `reduce_weighted_values`.
    fileprivate func reduce(
        _ values: SymbolicTensor, weight: SymbolicTensor?, _ ranks: GlobalBatch?
    ) -> SymbolicTensor {
        var (values, weight) = (values, weight)
        if let given = weight {
            let (aligned, own) = SymbolicTensor.aligned(values, given)
            values = aligned * own.padded(toRankOf: aligned)
            weight = own
        }
        if values.rank == 0 { return values }
        switch self {
        case .none where ranks == nil: return values
        case .sum: return values.ownSum(of: ranks)
        case .none, .sumOverBatchSize, .mean: return values.ownMean(of: ranks)
        case .meanWithSampleWeight:
            guard let weight else { return values.ownMean(of: ranks) }
            return values.ownSum(of: ranks).dividedOrZero(by: weight.sum(over: ranks))
        }
    }
}

extension SymbolicTensor {
    /// The mean; of several ranks' batch, this rank's term.
    fileprivate func ownMean(of ranks: GlobalBatch?) -> SymbolicTensor {
        ranks?.termOfMean(self) ?? mean()
    }

    /// The sum; of several ranks' batch, this rank's term.
    fileprivate func ownSum(of ranks: GlobalBatch?) -> SymbolicTensor {
        ranks?.terms(sum()) ?? sum()
    }

    /// The sum over all ranks, which no gradient goes through.
    fileprivate func sum(over ranks: GlobalBatch?) -> SymbolicTensor {
        ranks.map { $0.sum($0.terms(sum().stoppingGradient())) } ?? sum()
    }
}
