/// The configuration of training: losses, metrics and optimizer.
struct Compilation {
    let optimizer: any Optimizer
    /// The learning rate schedule, if the rate is not constant.
    let schedule: (any LearningRateSchedule)?
    /// One for each output; `nil` for one that is not trained.
    let losses: [(any Loss)?]
    let lossWeights: [Float]
    /// The metrics of each output without sample weights.
    let metrics: [[any Metric]]
    /// The metrics of each output with sample weights.
    let weightedMetrics: [[any Metric]]
    /// The optimizer's variables, from the first training step on.
    var optimizerState: OptimizerState?
    /// The trackers of an epoch, from the first step on.
    var trackers: [Tracker]?
    /// The error of an assigned learning rate; the next training step throws it.
    var refusedLearningRate: ModelError?

    init(
        optimizer: any Optimizer, losses: [(any Loss)?], lossWeights: [Float],
        metrics: [[any Metric]], weightedMetrics: [[any Metric]]
    ) {
        self.optimizer = optimizer
        if case .schedule(let schedule) = optimizer.inner.learningRate {
            self.schedule = schedule
        } else {
            schedule = nil
        }
        self.losses = losses
        self.lossWeights = lossWeights
        self.metrics = metrics
        self.weightedMetrics = weightedMetrics
    }

    /// A quantity that is accumulated over batches.
    struct Tracker {
        enum Quantity {
            /// The total loss, which training minimizes.
            case loss
            case outputLoss(Int)
            case metric(any Metric, output: Int, isWeighted: Bool)
        }

        let name: String
        let quantity: Quantity
        let state: [Variable]
        private let initial: [Tensor]

        init(name: String, quantity: Quantity, initial: [Tensor]) {
            self.name = name
            self.quantity = quantity
            self.initial = initial
            state = initial.enumerated().map { index, value in
                Variable("\(name).\(index)", kind: .nonTrainable, value: value)
            }
        }

        func reset() throws(VariableError) {
            for (variable, value) in zip(state, initial) { try variable.assign(value) }
        }
    }

    /// The trackers for predictions and targets of these shapes, in the order of Keras's logs.
    func makeTrackers(targets: [Shape], predictions: [Shape], names: [String]) -> [Tracker] {
        let zeros = [Tensor(0), Tensor(0)]
        var result = [Tracker(name: "loss", quantity: .loss, initial: zeros)]
        let isSingle = losses.count == 1
        if !isSingle {
            for (index, loss) in losses.enumerated() where loss != nil {
                result.append(
                    Tracker(
                        name: "\(names[index])_loss", quantity: .outputLoss(index), initial: zeros))
            }
        }
        for (isWeighted, groups) in [(false, metrics), (true, weightedMetrics)] {
            for (output, group) in groups.enumerated() {
                for metric in group {
                    var name = isSingle ? metric.name : "\(names[output])_\(metric.name)"
                    if isWeighted, result.contains(where: { $0.name == name }) {
                        name = "weighted_\(name)"
                    }
                    result.append(
                        Tracker(
                            name: name,
                            quantity: .metric(metric, output: output, isWeighted: isWeighted),
                            initial: metric.initialState(
                                targets: targets[output], predictions: predictions[output])))
                }
            }
        }
        return result
    }
}
