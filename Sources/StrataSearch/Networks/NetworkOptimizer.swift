internal import Strata

/// An optimizer with its learning rate, from which both the optimizer and its Swift follow.
struct NetworkOptimizer: Sendable, Hashable {
    var kind: Kind
    /// The learning rate, at its highest.
    var learningRate: Float
    var schedule: Schedule

    enum Kind: Sendable, Hashable {
        case adam
        case adamw(weightDecay: Float)
        case sgd(momentum: Float)
    }

    enum Schedule: Sendable, Hashable {
        case constant
        /// Up from 0 in `warmupSteps`, then down to 0 in `decaySteps`.
        case cosine(warmupSteps: Int, decaySteps: Int)
    }
}

extension NetworkOptimizer.Schedule {
    /// A cosine decay over a number of steps, the first twentieth of which are the warm-up.
    static func cosine(steps: Int) -> Self {
        let warmup = steps / 20
        return .cosine(warmupSteps: warmup, decaySteps: max(steps - warmup, 1))
    }
}

extension NetworkOptimizer {
    /// A new optimizer.
    var optimizer: any Optimizer {
        let rate = rate
        return switch kind {
        case .adam: Adam(learningRate: rate)
        case .adamw(let decay): AdamW(learningRate: rate, weightDecay: Double(decay))
        case .sgd(let momentum):
            SGD(learningRate: rate, momentum: Double(momentum), nesterov: true)
        }
    }

    private var rate: any LearningRateConvertible {
        switch schedule {
        case .constant: learningRate
        case .cosine(let warmupSteps, let decaySteps):
            CosineDecay(
                0, decaySteps: decaySteps, warmupTarget: Double(learningRate),
                warmupSteps: warmupSteps)
        }
    }

    /// The statement that defines the schedule in Swift; `nil` for a constant rate.
    var scheduleSource: String? {
        switch schedule {
        case .constant: nil
        case .cosine(let warmupSteps, let decaySteps):
            """
            let schedule = CosineDecay(
                0, decaySteps: \(decaySteps), warmupTarget: \(learningRate), warmupSteps: \(warmupSteps))
            """
        }
    }

    /// The optimizer in Swift.
    var source: String {
        let rate = scheduleSource == nil ? "\(learningRate)" : "schedule"
        return switch kind {
        case .adam: "Adam(learningRate: \(rate))"
        case .adamw(let decay): "AdamW(learningRate: \(rate), weightDecay: \(decay))"
        case .sgd(let momentum):
            "SGD(learningRate: \(rate), momentum: \(momentum), nesterov: true)"
        }
    }
}
