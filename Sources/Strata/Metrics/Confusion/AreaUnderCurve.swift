/// The parts of the area between consecutive thresholds.
struct AreaUnderCurve {
    private let truePositives: SymbolicTensor
    private let falsePositives: SymbolicTensor
    private let trueNegatives: SymbolicTensor
    private let falseNegatives: SymbolicTensor

    /// - Parameter state: true positives, false positives, true negatives, false negatives, with
    ///   thresholds along the first axis.
    init(_ state: [SymbolicTensor]) {
        truePositives = state[0]
        falsePositives = state[1]
        trueNegatives = state[2]
        falseNegatives = state[3]
    }

    /// Widths times heights.
    func terms(_ curve: AUC.Curve, _ summation: AUC.Summation) -> SymbolicTensor {
        let (x, y) = coordinates(curve)
        let (left, right) = (y.withoutLast(), y.withoutFirst())
        let heights =
            switch summation {
            case .interpolation: (left + right) / 2
            case .minoring: left.minimum(right)
            case .majoring: left.maximum(right)
            }
        return (x.withoutLast() - x.withoutFirst()) * heights
    }

    private func coordinates(_ curve: AUC.Curve) -> (x: SymbolicTensor, y: SymbolicTensor) {
        let rates = ConfusionRates([truePositives, falsePositives, trueNegatives, falseNegatives])
        switch curve {
        case .roc:
            let wrong = falsePositives.dividedOrZero(by: falsePositives + trueNegatives)
            return (wrong, rates.recall)
        case .precisionRecall:
            return (rates.recall, rates.precision)
        case .precisionRecallGain:
            let scale = (truePositives + falseNegatives)
                .dividedOrZero(by: trueNegatives + falsePositives)
            let isNone = truePositives.equal(to: 0)
            let gain = { (wrong: SymbolicTensor) in
                1 - scale * wrong.dividedOrZero(by: truePositives)
            }
            let recall = isNone.select(.constant(0), gain(falseNegatives)).maximum(0)
            return (recall, isNone.select(.constant(1), gain(falsePositives)))
        }
    }

    /// Area under the precision–recall curve, with true positives linear between thresholds.
    func interpolatedPrecision() -> SymbolicTensor {
        let positives = truePositives + falsePositives
        let (left, right) = (positives.withoutLast(), positives.withoutFirst())
        let gained = truePositives.withoutLast() - truePositives.withoutFirst()
        let slope = gained.dividedOrZero(by: (left - right).maximum(0))
        let intercept = truePositives.withoutFirst() - slope * right
        let isBetween = left.greater(than: 0) * right.greater(than: 0)
        let ratio = isBetween.select(
            left.dividedOrZero(by: right.maximum(0)), .constant(1))
        let all = (truePositives + falseNegatives).withoutFirst().maximum(0)
        return (slope * (gained + intercept * ratio.log())).dividedOrZero(by: all)
    }
}

extension SymbolicTensor {
    /// All rows but the first.
    fileprivate func withoutFirst() -> SymbolicTensor { rows(from: 1) }

    /// All rows but the last.
    fileprivate func withoutLast() -> SymbolicTensor { rows(from: 0) }

    private func rows(from first: Int) -> SymbolicTensor {
        guard var sizes = shape.known, !sizes.isEmpty else { return self }
        var start = Array(repeating: 0, count: rank)
        start[0] = first
        sizes[0] -= 1
        return sliced(from: start, sizes: sizes)
    }
}
