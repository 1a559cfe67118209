/// Categorical crossentropy: −log(prediction of the target class); targets are class indices.
///
/// ### Shapes
/// - Targets: `[batch, …]`, or with a class axis of length 1
/// - Predictions: `[batch, …, classes]`
/// - Values: `[batch, …]`
///
/// ### Source
/// Keras 3.15.1 `SparseCategoricalCrossentropy`.
public struct SparseCategoricalCrossentropy: Loss {
    public static let className = "SparseCategoricalCrossentropy"
    /// Whether predictions are logits instead of probabilities.
    public var fromLogits: Bool
    /// A class whose samples are ignored.
    public var ignoreClass: Int?
    public var reduction: LossReduction
    /// The axis of the classes.
    public var axis: Int
    public var name: String

    public init(
        fromLogits: Bool = false, ignoreClass: Int? = nil,
        reduction: LossReduction = .sumOverBatchSize, axis: Int = -1,
        name: String = Self.defaultName
    ) {
        self.fromLogits = fromLogits
        self.ignoreClass = ignoreClass
        self.reduction = reduction
        self.axis = axis
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        fromLogits = try configuration.bool("from_logits", default: fromLogits)
        ignoreClass = try configuration.optionalInt("ignore_class")
        reduction = try configuration.reduction()
        axis = try configuration.int("axis", default: axis)
        name = try configuration.name(default: name)
    }

    /// Keras omits the axis; it is written here if it is not the last, so that it is not lost.
    public var config: [String: JSONValue] {
        var config = baseConfig
        config["from_logits"] = .bool(fromLogits)
        config["ignore_class"] = JSONValue(ignoreClass)
        if axis != -1 { config["axis"] = .integer(axis) }
        return config
    }

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        guard predictions.error == nil else { return predictions }
        guard let axis = predictions.shape.normalized(axis: axis),
            let classes = predictions.shape[axis]
        else {
            return SymbolicTensor(
                failure: GraphError(.unknownDimension(predictions.shape, needed: "the classes")))
        }
        var shape = predictions.shape.dimensions
        shape.remove(at: axis)
        let labels = labels(targets, rank: predictions.rank).matching(
            predictions: Shape(shape), classes: classes)
        let logarithms = predictions.logProbabilities(fromLogits: fromLogits, axis: axis)
            .withAxisLast(axis)
        let values = -(labels.oneHot(classes) * logarithms).sum(axes: [-1])
        return mask(targets: targets, values: values).map { $0.select(values, .constant(0)) }
            ?? values
    }

    public func mask(targets: SymbolicTensor, values: SymbolicTensor) -> SymbolicTensor? {
        ignoreClass.map {
            labels(targets, rank: values.rank + 1).notEqual(to: Float($0))
        }
    }

    public func problem(targets: Tensor, predictions: Shape) -> GraphError.Problem? {
        guard let axis = predictions.normalized(axis: axis), let classes = predictions[axis],
            classes > 0
        else { return nil }
        // Fractions are cut off, as in Keras; what is beyond all integers stays beyond all classes.
        let labels = targets.cast(to: .int32).integers
        let index = labels.firstIndex { !(0..<classes).contains($0) && $0 != ignoreClass }
        guard let index, let samples = targets.shape.first, samples > 0 else { return nil }
        let label =
            targets.dtype.isFloatingPoint ? "\(targets.scalars[index])" : "\(labels[index])"
        return .invalidArgument(
            "the target of sample \(index / max(labels.count / samples, 1)) is class "
                + "\(label), but there are \(classes) classes, 0 to \(classes - 1)",
            fix: "count classes from 0, or let the last layer give more of them")
    }

    /// Class indices without a class axis of length 1.
    private func labels(_ targets: SymbolicTensor, rank: Int) -> SymbolicTensor {
        guard targets.rank == rank, let axis = targets.shape.normalized(axis: axis),
            targets.shape[axis] == 1
        else { return targets }
        var dimensions = targets.shape.dimensions
        dimensions.remove(at: axis)
        return targets.reshaped(Shape(dimensions))
    }
}

extension SymbolicTensor {
    /// This tensor with one axis moved to the end.
    func withAxisLast(_ axis: Int) -> SymbolicTensor {
        axis == rank - 1 ? self : transposed((0..<rank).filter { $0 != axis } + [axis])
    }

    /// Class indices, or an error unless there is one for each position of the predictions.
    fileprivate func matching(predictions wanted: Shape, classes: Int) -> SymbolicTensor {
        if error != nil || shape.accepts(wanted) { return self }
        let isOneHot = shape == Shape(wanted.dimensions + [classes])
        return SymbolicTensor(
            failure: GraphError(
                .invalidArgument(
                    "targets of shape \(shape) were given, but class indices of shape \(wanted) "
                        + "are needed",
                    fix: isOneHot
                        ? "use categorical crossentropy for one-hot targets"
                        : wanted.rank > rank
                            ? "put Flatten() or a global pooling before the last Dense, so that a "
                                + "sample has one prediction"
                            : "give one class index for each prediction")))
    }
}

extension Loss where Self == SparseCategoricalCrossentropy {
    /// Categorical crossentropy: −log(prediction of the target class); targets are class indices.
    public static var sparseCategoricalCrossentropy: SparseCategoricalCrossentropy {
        SparseCategoricalCrossentropy()
    }

    /// Categorical crossentropy: −log(prediction of the target class); targets are class indices.
    public static func sparseCategoricalCrossentropy(
        fromLogits: Bool = false, ignoreClass: Int? = nil, axis: Int = -1
    ) -> SparseCategoricalCrossentropy {
        SparseCategoricalCrossentropy(
            fromLogits: fromLogits, ignoreClass: ignoreClass, axis: axis)
    }
}
