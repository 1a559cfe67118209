/// Samples with their targets, checked against a model.
struct TrainingData {
    let inputs: [Tensor]
    let targets: [Tensor]
    /// For each output, one weight for each sample, if there are sample weights.
    private(set) var weights: [Tensor?]

    var count: Int { inputs.first?.shape.first ?? 0 }

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

extension Model {
    /// The tensors; a single sample becomes a batch of one.
    func batches(of tensors: [Tensor]) throws -> [Tensor] {
        guard wiring != nil, tensors.count == inputs.count else { return tensors }
        let single = try tensors.map { try $0.expandingDims(at: 0) }
        func fit(_ tensors: [Tensor]) -> Bool {
            zip(inputs, tensors).allSatisfy { input, tensor in
                let shape = Shape(tensor.shape)
                return shape.rank > 0 && input.shape.accepts(input.shape.fitting(shape) ?? shape)
            }
        }
        return !fit(tensors) && fit(single) ? single : tensors
    }

    /// Builds a model whose input is not known yet, then checks the data against it.
    func check(inputs tensors: [Tensor]) throws {
        try during(.computing) {
            if wiring == nil, let sequential = self as? Sequential, let first = tensors.first {
                try sequential.build(
                    inputShape: Shape([nil] + first.shape.dropFirst().map { Optional($0) }))
            }
        }
        guard wiring != nil else { throw ModelError(.unbuilt(model: name)) }
        guard tensors.count == inputs.count else {
            throw ModelError(
                .wrongTensorCount(
                    what: "input tensors", got: tensors.count, expected: inputs.count))
        }
        guard let count = tensors.first?.shape.first, count > 0 else {
            throw ModelError(.noSamples)
        }
        for (input, tensor) in zip(inputs, tensors) {
            let name = (input.producer as? LayerCall)?.layer.name ?? "the input"
            let shape = Shape(tensor.shape)
            // The batch may have any size, even with Input(batchSize:).
            guard shape.rank > 0, input.shape.accepts(input.shape.fitting(shape) ?? shape) else {
                throw ModelError(
                    .wrongShape(name: name, got: tensor.shape, expected: input.shape))
            }
            guard tensor.shape[0] == count else {
                throw ModelError(
                    .unequalCounts(
                        what: "rows for \(name)", got: tensor.shape[0], samples: count))
            }
            try tensor.checkFinite("x")
        }
    }
}

extension Tensor {
    /// - Throws: if an element is NaN or infinite, with its index.
    func checkFinite(_ name: String) throws {
        guard case .float32(let values) = storage else { return }
        let isFinite = values.withUnsafeBufferPointer { values in
            // All bits of the exponent set: infinite or NaN (IEEE 754). One more carries into the
            // sign. Without a branch the loop is vectorized and as fast as memory.
            var bits: UInt32 = 0
            for value in values { bits |= (value.bitPattern & 0x7F80_0000) &+ 0x0080_0000 }
            return bits >> 31 == 0
        }
        if isFinite { return }
        guard let offset = values.firstIndex(where: { !$0.isFinite }) else { return }
        var index: [Int] = []
        var rest = offset
        for length in shape.reversed() {
            index.insert(rest % length, at: 0)
            rest /= length
        }
        throw ModelError(.notFinite(name: name, index: index, value: values[offset]))
    }

    /// The type of `rows` samples.
    func type(rows: Int) -> TensorType { TensorType(Shape([rows] + shape.dropFirst()), dtype) }
}
