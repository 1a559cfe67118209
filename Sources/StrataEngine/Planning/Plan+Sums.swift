internal import StrataGraph

extension Plan {
    /// The ranks whose sums the plan starts and finishes, if it has any.
    var communicator: (any Communicator)? {
        for step in steps {
            if let sum = step.kernel.sum { return sum.communicator }
        }
        return nil
    }

    /// Whether a sum is in flight behind each step.
    var hasSumBehind: [Bool] {
        var count = 0
        return steps.map { step in
            if let sum = step.kernel.sum { count += sum.isStart ? 1 : -1 }
            return count > 0
        }
    }
}
