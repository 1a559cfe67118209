/// The arguments that the IoU metrics share, and the confusion matrix that they count.
///
/// Keras 3.15.1 `_IoUBase`. State: a matrix of counts, targets by rows.
public struct ClassOverlap: Sendable, Hashable {
    var classCount: Int
    /// A class whose samples are ignored.
    var ignoreClass: Int?
    /// Whether targets are class indices, not one-hot.
    var hasSparseTargets = true
    /// Whether predictions are class indices instead of probabilities.
    var hasSparsePredictions = true
    /// The axis of the classes, if they have one.
    var axis = -1

    /// The indices of all classes; none if their number is out of range.
    var classes: [Int] {
        Array(0..<(ArgumentRanges.classCounts.contains(classCount) ? classCount : 0))
    }

    var zeros: [Tensor] { [.zeros([classCount, classCount], dtype: .int32)] }

    /// The counts after a batch; weights are truncated to integers, as in Keras.
    func counts(
        _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
        weight: SymbolicTensor?
    ) -> [SymbolicTensor] {
        let flat = { (x: SymbolicTensor, isSparse: Bool) in
            (isSparse ? x : x.argMax(axis: axis)).cast(to: .int32).reshaped([-1])
        }
        let rows = flat(targets, hasSparseTargets)
        let columns = flat(predictions, hasSparsePredictions)
        // Classes out of range are not counted.
        var isTarget = rows.oneHot(classCount)
        if let ignoreClass {
            let counts = rows.cast(to: .float32).notEqual(to: Float(ignoreClass))
            isTarget = isTarget * counts.withLastAxis()
        }
        if let weight {
            let whole = weight.cast(to: .int32).cast(to: .float32)
            isTarget = isTarget * whole.reshaped([-1, 1])
        }
        let isPrediction = columns.oneHot(classCount)
        let matrix = isTarget.transposed([1, 0]).multiplied(by: isPrediction)
        return [state[0] + matrix.cast(to: .int32)]
    }

    /// The mean over classes of the intersection over union.
    ///
    /// - Parameter classes: the classes to average over; classes that never occurred are left out.
    func mean(_ state: [SymbolicTensor], classes: [Int]) -> SymbolicTensor {
        let matrix = state[0].cast(to: .float32)
        let diagonal = (0..<classCount * classCount).map {
            Float($0 / classCount == $0 % classCount ? 1 : 0)
        }
        let isDiagonal = Tensor(diagonal, shape: [classCount, classCount])
        let shared = (matrix * .constant(isDiagonal)).sum(axes: [1])
        let covered = matrix.sum(axes: [0]) + matrix.sum(axes: [1]) - shared
        let isWanted = Tensor((0..<classCount).map { classes.contains($0) ? Float(1) : 0 })
        let counts = covered.greater(than: 1e-9) * .constant(isWanted)
        // Keras's epsilon in both divisors.
        return (counts * shared / (covered + 1e-7)).sum() / (counts.sum() + 1e-7)
    }
}

extension ClassOverlap {
    /// Reads the arguments; missing ones are those of `given`.
    init(_ configuration: Configuration, _ given: ClassOverlap) throws(ConfigurationError) {
        self = given
        ignoreClass = try configuration.optionalInt("ignore_class")
        hasSparseTargets = try configuration.bool("sparse_y_true", default: hasSparseTargets)
        hasSparsePredictions = try configuration.bool(
            "sparse_y_pred", default: hasSparsePredictions)
        axis = try configuration.int("axis", default: axis)
    }

    var config: [String: JSONValue] {
        [
            "num_classes": .integer(classCount), "ignore_class": JSONValue(ignoreClass),
            "sparse_y_true": .bool(hasSparseTargets),
            "sparse_y_pred": .bool(hasSparsePredictions), "axis": .integer(axis),
        ]
    }
}

extension Configuration {
    /// Keras's `num_classes`, above 0.
    func classCount() throws(ConfigurationError) -> Int { try steps("num_classes") }

    /// Keras's `target_class_ids`, all of them below the number of classes.
    func classIDs(below count: Int, default fallback: [Int]? = nil)
        throws(ConfigurationError) -> [Int]
    {
        let classes = try ints("target_class_ids", default: fallback)
        guard classes.allSatisfy({ (0..<count).contains($0) }) else {
            throw failure("target_class_ids", "should be from 0 to \(count - 1)")
        }
        return classes
    }
}
