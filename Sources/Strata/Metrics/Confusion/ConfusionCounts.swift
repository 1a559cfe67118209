internal import StrataGraph

/// True and false positives and negatives at thresholds, as sums of sample weights.
///
/// Keras 3.15.1 `update_confusion_matrix_variables`.
struct ConfusionCounts {
    /// One for each threshold, or `[thresholds, labels]`.
    var truePositives: SymbolicTensor
    var falsePositives: SymbolicTensor
    var trueNegatives: SymbolicTensor
    var falseNegatives: SymbolicTensor

    subscript(outcome: ConfusionOutcome) -> SymbolicTensor {
        switch outcome {
        case .truePositives: truePositives
        case .falsePositives: falsePositives
        case .trueNegatives: trueNegatives
        case .falseNegatives: falseNegatives
        }
    }

    /// The thresholds above which predictions are positive.
    enum Thresholds {
        case values([Float])
        /// `count` evenly spaced thresholds from 0 to 1; if `isOpen`, the outer two are beyond all
        /// predictions.
        case even(count: Int, isOpen: Bool)

        var count: Int {
            switch self {
            case .values(let values): values.count
            case .even(let count, _): count
            }
        }

        /// Whether a prediction is above each threshold, with the thresholds in front.
        ///
        /// Keras finds evenly spaced ones by multiplication instead of comparison, which rounds
        /// differently.
        fileprivate func isAbove(_ predictions: SymbolicTensor) -> SymbolicTensor {
            let (bounds, scaled): ([Float], SymbolicTensor) =
                switch self {
                case .values(let values): (values, predictions)
                case .even(let count, let isOpen):
                    (
                        (0..<count).map { $0 == 0 && isOpen ? -1 : Float($0) },
                        predictions.clipped(0, 1) * Float(count - 1)
                    )
                }
            let shape = [bounds.count] + Array(repeating: 1, count: predictions.rank)
            return scaled.inFront().greater(than: .constant(Tensor(bounds, shape: shape)))
        }
    }

    /// The part of the predictions that is evaluated.
    struct Selection {
        /// Only the `k` largest predictions of each row can be positive.
        var topK: Int?
        /// The only class that is evaluated; all classes if left out.
        var classID: Int?
        /// Whether each label is counted separately.
        var isMultiLabel = false
        /// The weight of each label, if they are counted together.
        var labelWeights: [Float]?
    }

    init(
        targets: SymbolicTensor, predictions: SymbolicTensor, weight: SymbolicTensor?,
        thresholds: Thresholds, _ selection: Selection = Selection()
    ) {
        var (predictions, targets) = SymbolicTensor.aligned(
            predictions.cast(to: .float32), targets.cast(to: .float32))
        if let k = selection.topK { predictions = predictions.keepingLargest(k) }
        if let classID = selection.classID {
            predictions = predictions.column(classID)
            targets = targets.column(classID)
        }
        let isTrue = targets.notEqual(to: 0)
        var weights = weight?.cast(to: .float32).forEach(of: predictions)
        if let labelWeights = selection.labelWeights, !selection.isMultiLabel {
            let own = SymbolicTensor.constant(Tensor(labelWeights))
            weights = weights.map { $0 * own } ?? own.broadcast(to: predictions.shape)
        }
        let flat = { (x: SymbolicTensor) in
            selection.isMultiLabel ? x : x.reshaped([x.shape.elementCount ?? -1])
        }
        let trueLabels = flat(weights.map { isTrue * $0 } ?? isTrue)
        let falseLabels = flat(weights.map { (1 - isTrue) * $0 } ?? (1 - isTrue))
        let isPositive = thresholds.isAbove(flat(predictions))
        // Thresholds are in front, so samples are the second axis.
        truePositives = (isPositive * trueLabels.inFront()).sum(axes: [1])
        falsePositives = (isPositive * falseLabels.inFront()).sum(axes: [1])
        falseNegatives = trueLabels.sum(axes: [0]) - truePositives
        trueNegatives = falseLabels.sum(axes: [0]) - falsePositives
    }
}

extension SymbolicTensor {
    fileprivate func inFront() -> SymbolicTensor {
        reshaped(Shape([1] + shape.dimensions))
    }

    /// Weights of samples or finer, spread over predictions.
    fileprivate func forEach(of predictions: SymbolicTensor) -> SymbolicTensor {
        let own = rank > predictions.rank && shape[-1] == 1 ? withoutLastAxis() : self
        return own.padded(toRankOf: predictions).broadcast(to: predictions.shape)
    }

    /// One column along the last axis, which stays as an axis of 1.
    fileprivate func column(_ index: Int) -> SymbolicTensor {
        guard error == nil else { return self }
        guard rank >= 2, var sizes = shape.known, (0..<(sizes.last ?? 0)).contains(index) else {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument(
                        "class \(index) is requested, but predictions have shape \(shape)",
                        fix: "choose a classID that is there")))
        }
        var start = Array(repeating: 0, count: rank)
        start[rank - 1] = index
        sizes[rank - 1] = 1
        return sliced(from: start, sizes: sizes)
    }

    /// The `k` largest along the last axis, and a value below all thresholds elsewhere.
    fileprivate func keepingLargest(_ k: Int) -> SymbolicTensor {
        // Keras's "minus infinity", which is also the threshold if none was given.
        rankFromLargest().lessOrEqual(to: Float(k)).select(self, .constant(-1e10))
    }

    /// The rank of each element along the last axis, from 1.
    ///
    /// In descending order; equal elements keep their order.
    ///
    /// - Complexity: O(n²) in time and memory for an axis of length n.
    func rankFromLargest() -> SymbolicTensor {
        isBeforeOrSelf().sum(axes: [-1])
    }

    /// For each pair along the last axis, `[…, own, other]`, whether the other is not ranked
    /// behind.
    func isBeforeOrSelf() -> SymbolicTensor {
        guard error == nil else { return self }
        guard rank > 0, let length = shape[-1] else {
            return SymbolicTensor(
                failure: GraphError(.unknownDimension(shape, needed: "the last dimension")))
        }
        let pairs = TensorType([length, length], .float32)
        if let problem = HostMemory.problem("the comparison of all pairs of classes", pairs) {
            return SymbolicTensor(failure: GraphError(problem))
        }
        let own = reshaped(Shape(shape.dimensions + [1]))
        let others = reshaped(Shape(shape.dimensions.dropLast() + [1, length]))
        let isEarlier = (0..<length * length).map { Float($0 % length <= $0 / length ? 1 : 0) }
        return others.greater(than: own)
            + others.equal(to: own) * .constant(Tensor(isEarlier, shape: [length, length]))
    }
}
