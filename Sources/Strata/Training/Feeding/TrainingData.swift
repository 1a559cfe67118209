/// Samples with their targets, checked against a model.
struct TrainingData {
    let inputs: [Tensor]
    let targets: [Tensor]
    /// For each output, one weight for each sample, if there are sample weights.
    private(set) var weights: [Tensor?]

    var count: Int { inputs.first?.shape.first ?? 0 }

    /// A text that is the same for the same data.
    var digest: String {
        (inputs + targets + weights.compactMap(\.self)).map { Digest.of($0) }
            .joined(separator: " ")
    }

    /// Checks everything once, before the loop over batches.
    ///
    /// - Throws: a ``ModelError`` with the tensor that does not fit, and the reason.
    init(
        _ inputs: [Tensor], _ targets: [Tensor], sampleWeight: Tensor? = nil,
        classWeight: [Int: Float]? = nil, for model: Model
    ) throws {
        self.inputs = inputs
        self.targets = targets
        try model.check(inputs: inputs)
        guard let compilation = model.compilation else {
            throw ModelError(.notCompiled(call: "training"))
        }
        let count = inputs[0].shape[0]
        guard targets.count == compilation.losses.count else {
            throw ModelError(
                .wrongTensorCount(
                    what: "target tensors", got: targets.count, expected: compilation.losses.count))
        }
        for (index, target) in targets.enumerated() {
            guard let rows = target.shape.first, rows == count else {
                throw ModelError(
                    .unequalCounts(
                        what: "targets", got: target.shape.first ?? 0, samples: count))
            }
            try target.checkFinite("y")
            let predictions = model.outputShapes[index]
            if let problem = compilation.losses[index]?.problem(
                targets: target, predictions: predictions)
            {
                throw GraphError(problem)
            }
        }
        if let sampleWeight {
            try TrainingData.check(sampleWeight, count: count)
        }
        let weight = sampleWeight?.cast(to: .float32)
        weights = targets.map { _ in weight }
        if let classWeight { try weigh(byClass: classWeight) }
    }

    private init(inputs: [Tensor], targets: [Tensor], weights: [Tensor?]) {
        self.inputs = inputs
        self.targets = targets
        self.weights = weights
    }

    /// The samples before a position, and those from it on.
    func split(at index: Int) -> (TrainingData, TrainingData) {
        let part = { (range: Range<Int>) in
            TrainingData(
                inputs: inputs.map { $0[range] }, targets: targets.map { $0[range] },
                weights: weights.map { $0?[range] })
        }
        return (part(0..<index), part(index..<count))
    }

    /// - Throws: if there is not one weight for each sample, or one is negative or not finite.
    private static func check(_ sampleWeight: Tensor, count: Int) throws {
        guard sampleWeight.shape.first == count else {
            throw ModelError(
                .unequalCounts(
                    what: "sample weights", got: sampleWeight.shape.first ?? 0, samples: count))
        }
        try sampleWeight.checkFinite("sampleWeight")
        let weights = sampleWeight.cast(to: .float32).scalars
        guard let index = weights.firstIndex(where: { $0 < 0 }) else { return }
        throw ModelError(
            .invalidArgument(
                "sampleWeight is \(weights[index]) at position \(index)", fix: "use 0 or more"))
    }

    /// Multiplies each sample's weight by that of its class; 1 for missing classes.
    ///
    /// - Throws: a ``ModelError`` if a weight is negative or not finite, or samples have no
    ///   classes.
    mutating func weigh(byClass classWeight: [Int: Float]) throws {
        if let wrong = classWeight.filter({ !$0.value.isFinite || $0.value < 0 }).min(by: {
            $0.key < $1.key
        }) {
            throw ModelError(
                .invalidArgument(
                    "classWeight of class \(wrong.key) is \(wrong.value)",
                    fix: "use finite values of 0 or more"))
        }
        guard let target = targets.first, targets.count == 1 else {
            throw ModelError(
                .invalidArgument(
                    "classWeight is for models with one output", fix: "use sampleWeight instead"))
        }
        let isOneHot = target.rank == 2 && target.shape[1] > 1
        let labels = isOneHot ? try target.argMax() : target
        guard labels.count == count else {
            throw ModelError(
                .invalidArgument(
                    "classWeight needs one class for each sample", fix: "use sampleWeight instead"))
        }
        var weights = labels.integers.map { classWeight[$0] ?? 1 }
        if let sampleWeight = self.weights.first ?? nil {
            guard sampleWeight.count == count else {
                throw ModelError(
                    .invalidArgument(
                        "classWeight and a sampleWeight of shape \(sampleWeight.shape) exclude "
                            + "each other", fix: "give one weight for each sample"))
            }
            for (index, weight) in sampleWeight.scalars.enumerated() { weights[index] *= weight }
        }
        self.weights = [Tensor(weights)]
    }
}
