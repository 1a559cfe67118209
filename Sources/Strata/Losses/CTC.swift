internal import StrataGraph

/// CTC loss: −log of the probability of a label sequence, over all alignments.
///
/// Connectionist temporal classification: labels may repeat and have blanks between them.
///
/// ### Shapes
/// - Targets: class indices `[batch, labels]`, from 1 on, padded with zeros
/// - Predictions: logits `[batch, timesteps, classes]`, of at most 10,000 timesteps; class 0 is the
///   blank
/// - Values: `[batch]`
///
/// ### Source
/// Graves et al., 2006; Keras 3.15.1 `CTC`.
public struct CTC: Loss {
    public static let className = "CTC"
    public var reduction: LossReduction
    public var name: String

    public init(reduction: LossReduction = .sumOverBatchSize, name: String = Self.defaultName) {
        self.reduction = reduction
        self.name = name
    }

    public init(configuration: Configuration) throws(ConfigurationError) {
        self.init()
        reduction = try configuration.reduction()
        name = try configuration.name(default: name)
    }

    public var config: [String: JSONValue] { baseConfig }

    /// Keras's logarithm of 0: finite, so that sums with it are not NaN.
    private static let impossible: Float = -1e5

    public func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
        guard predictions.error == nil, targets.error == nil else { return predictions }
        guard targets.rank == 2, predictions.rank == 3, let sizes = predictions.shape.known,
            let labelCount = targets.shape[1]
        else {
            let isTarget = targets.rank != 2
            return SymbolicTensor(
                failure: GraphError(
                    .wrongRank(
                        got: isTarget ? targets.shape : predictions.shape,
                        expected: isTarget ? "[batch, labels]" : "[batch, times, classes]")))
        }
        let (batch, times, classes) = (sizes[0], sizes[1], sizes[2])
        if let problem = CTC.problem(times: times, labelCount: labelCount) {
            return SymbolicTensor(failure: GraphError(problem))
        }
        let logarithms = predictions.logSoftmax()
        // An alignment passes through states: blank, first label, blank, second label, … blank.
        let states = 2 * labelCount + 1
        let blanks = (targets * 0).withLastAxis()
        let labels = SymbolicTensor.concatenated([blanks, targets.withLastAxis()])
            .reshaped([batch, states - 1]).padded(before: [0, 0], after: [0, 1])
        let isLabel = labels.oneHot(classes)
        let canSkip = labels.notEqual(to: 0) * labels.notEqual(to: labels.later(2, filling: 0))

        var ways: SymbolicTensor?
        for time in 0..<times {
            let now = logarithms.sliced(from: [0, time, 0], sizes: [batch, 1, classes])
            let emitted = (isLabel * now).sum(axes: [2])
            guard let before = ways else {
                let start = (0..<states).map { $0 < 2 ? 0 : CTC.impossible }
                ways = emitted + .constant(Tensor(start))
                continue
            }
            let skipped =
                before.later(2, filling: CTC.impossible) + (1 - canSkip) * CTC.impossible
            let arrived = before.logAdding(before.later(1, filling: CTC.impossible))
                .logAdding(skipped)
            ways = arrived + emitted
        }
        guard let ways else { return SymbolicTensor.constant(0).broadcast(to: [batch]) }
        // The last label's state, or the blank after it.
        let end = targets.notEqual(to: 0).sum(axes: [1]) * 2
        return -ways.element(at: end).logAdding(ways.element(at: end - 1))
    }
}

extension CTC {
    /// Each time is a part of the graph, and each label has a state.
    private static func problem(times: Int, labelCount: Int) -> GraphError.Problem? {
        guard times <= 10_000 else {
            return .invalidArgument(
                "CTC was given \(times) timesteps",
                fix: "use at most 10000, with a stride in a layer before")
        }
        return HostMemory.problem(
            "the labels of one sample", TensorType([labelCount, 3], .float32))
    }
}

extension SymbolicTensor {
    /// Rows `[batch, states]`, shifted to later states.
    fileprivate func later(_ steps: Int, filling value: Float) -> SymbolicTensor {
        guard let sizes = shape.known, sizes.count == 2 else { return self }
        let kept = Swift.max(sizes[1] - steps, 0)
        return sliced(from: [0, 0], sizes: [sizes[0], kept])
            .padded(before: [0, sizes[1] - kept], after: [0, 0], value: value)
    }

    /// log(eᵃ + eᵇ).
    fileprivate func logAdding(_ other: SymbolicTensor) -> SymbolicTensor {
        maximum(other) + (-(self - other).absolute()).exp().log1p()
    }

    /// For each row the element at an index; close to −∞ where the row has no such index.
    fileprivate func element(at indices: SymbolicTensor) -> SymbolicTensor {
        guard let count = shape[1] else { return self }
        let isIndex = indices.oneHot(count)
        return (self * isIndex).sum(axes: [1]) + (1 - isIndex.sum(axes: [1])) * -1e5
    }
}

extension Loss where Self == CTC {
    /// CTC loss: −log of the probability of a label sequence, over all alignments.
    public static var ctc: CTC { CTC() }
}
