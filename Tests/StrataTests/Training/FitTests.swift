import Strata
import Testing

/// Points in a plane and on which side of a line they lie; a linear model learns them.
private func points(_ count: Int, seed: UInt64 = 7) -> (x: Tensor, y: Tensor) {
    var generator = RandomGenerator(seed: seed)
    let x = (0..<2 * count).map { _ in 2 * generator.uniform() - 1 }
    let y = (0..<count).map { x[2 * $0] + x[2 * $0 + 1] > 0 ? Int32(1) : 0 }
    return (Tensor(x, shape: [count, 2]), Tensor(y))
}

private func compiled(_ optimizer: any Optimizer = SGD(learningRate: 0.5)) throws -> Model {
    let model = try Sequential {
        Input(shape: [2])
        Dense(8, activation: .relu)
        Dense(2, activation: .softmax)
    }
    try model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy)
    return model
}

@Suite struct `Training` {
    @Test func `the loss falls, and every epoch is recorded`() throws {
        let data = points(200)
        let history = try SeedStream.$own.withValue(SeedStream(seed: 1)) {
            try compiled().fit(
                data.x, data.y, batchSize: 20, epochs: 20, verbose: .silent, validationSplit: 0.25)
        }
        #expect(history.epoch == Array(0..<20))
        #expect(history["loss"].count == 20)
        #expect(history["val_loss"].count == 20)
        #expect(history["loss"][19] < 0.5 * history["loss"][0])
        #expect(history["val_loss"][19] < 0.3)
    }

    @Test func `the same seed gives the same bits, another one others`() throws {
        func weights(_ seed: UInt64) throws -> [Tensor] {
            try SeedStream.$own.withValue(SeedStream()) {
                setRandomSeed(seed)
                let data = points(64)
                let model = try Sequential {
                    Input(shape: [2])
                    Dense(8, activation: .relu)
                    Dropout(0.3)
                    Dense(2, activation: .softmax)
                }
                try model.compile(optimizer: Adam(), loss: .sparseCategoricalCrossentropy)
                try model.fit(data.x, data.y, batchSize: 10, epochs: 3, verbose: .silent)
                return try model.getWeights()
            }
        }
        #expect(try weights(3) == weights(3))
        #expect(try weights(3) != weights(4))
    }

    /// One Dense unit without bias, w = 1, x = 2, y = 0: loss (w·x)² = 4, gradient 2·w·x·x = 8; with a
    /// learning rate of 0.1 the weight becomes 1 − 0.8 = 0.2.
    @Test func `a step of gradient descent is what one computes by hand`() throws {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1, useBias: false, kernelInitializer: .ones)
        }
        try model.compile(optimizer: SGD(learningRate: 0.1), loss: .meanSquaredError)
        let logs = try model.trainOnBatch(Tensor([2], shape: [1, 1]), Tensor([0], shape: [1, 1]))
        #expect(logs == ["loss": 4])
        // 0.1 is off by 1.5e-9, times 8; product and difference are rounded by at most 3e-8 each.
        #expect(try abs(model.getWeights()[0].scalars[0] - 0.2) < 1e-7)
    }

    /// Losses 4 and 1, weighed 3 and 0.5, divided by the number of samples: (12 + 0.5) / 2.
    @Test(arguments: ["sample", "class"])
    func `weights multiply the losses of samples`(_ kind: String) throws {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1, useBias: false, kernelInitializer: .ones)
        }
        try model.compile(optimizer: SGD(learningRate: 0), loss: .meanSquaredError)
        let (x, y) = (Tensor([2, 2], shape: [2, 1]), Tensor([Float(0), 1], shape: [2, 1]))
        let logs =
            kind == "sample"
            ? try model.trainOnBatch(x, y, sampleWeight: Tensor([3, 0.5]))
            : try model.trainOnBatch(x, y, classWeight: [0: 3, 1: 0.5])
        #expect(logs["loss"] == 6.25)
    }

    @Test func `labels with an axis of 1 are the same as without`() throws {
        let data = points(40)
        let model = try compiled(SGD(learningRate: 0))
        let flat = try model.evaluate(data.x, data.y, verbose: .silent)
        let column = try model.evaluate(data.x, data.y.reshaped([40, 1]), verbose: .silent)
        #expect(flat == column)
    }

    @Test func `evaluation by batches is that of all at once`() throws {
        let data = points(45)
        let model = try compiled()
        let whole = try model.evaluate(data.x, data.y, batchSize: 45, verbose: .silent)
        let parts = try model.evaluate(data.x, data.y, batchSize: 7, verbose: .silent)
        // Sums of 45 numbers in another order: 45 · 2⁻²⁴ of their size.
        #expect(abs((whole["loss"] ?? 0) - (parts["loss"] ?? 1)) < 3e-6)
    }

    @Test func `predictions come in the order of the samples, whatever the batch`() throws {
        let data = points(45)
        let model = try compiled()
        let whole = try model.predictOnBatch(data.x)
        let parts = try model.predict(data.x, batchSize: 7)
        #expect(parts.shape == [45, 2])
        // Probabilities, from sums of a few products that other kernels may add in another order.
        for (a, b) in zip(whole.scalars, parts.scalars) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func `an epoch of some steps goes on where the last one ended`() throws {
        let model = try compiled(SGD(learningRate: 0))
        let data = points(50)
        final class Counter: Callback {
            var batches = 0
            override func onTrainBatchEnd(_ batch: Int, logs: Logs) { batches += 1 }
        }
        let counter = Counter()
        try model.fit(
            data.x, data.y, batchSize: 10, epochs: 4, verbose: .silent, callbacks: [counter],
            stepsPerEpoch: 3)
        #expect(counter.batches == 12)
        #expect(counter.parameters.epochs == 4)
        #expect(counter.parameters.steps == 3)
    }

    @Test func `training can go on from an epoch`() throws {
        let data = points(20)
        let history = try compiled().fit(
            data.x, data.y, epochs: 5, verbose: .silent, initialEpoch: 3)
        #expect(history.epoch == [3, 4])
    }

    /// w₁ = w₂ = 1, x = 1, y = 0: every gradient is 2 · w₁ · w₂ · w of the other.
    @Test func `a layer that is frozen while a fit runs keeps its slots until the next one`() throws
    {
        let first = Dense(1, useBias: false, kernelInitializer: .ones)
        let model = try Sequential {
            Input(shape: [1])
            first
            Dense(1, useBias: false, kernelInitializer: .ones)
        }
        try model.compile(
            optimizer: SGD(learningRate: 0.1, momentum: 0.9), loss: .meanSquaredError)
        let (x, y) = (Tensor([1], shape: [1, 1]), Tensor([0], shape: [1, 1]))
        let freeze = LambdaCallback(onEpochEnd: { _, _ in first.isTrainable = false })
        try model.fit(x, y, epochs: 2, verbose: .silent, callbacks: [freeze])
        let both = try model.getWeights().map(\.scalars[0])
        #expect(both[0] == both[1])
        #expect(both[0] < 0.8)
        try model.fit(x, y, verbose: .silent)
        let after = try model.getWeights().map(\.scalars[0])
        #expect(after[0] == both[0])
        #expect(after[1] != both[1])
    }

    @Test func `a layer of one's own that composes operations trains`() throws {
        final class Scale: Layer {
            override func build(_ inputShapes: [Shape]) {
                addWeight("scale", shape: [1], initializer: .ones)
            }
            override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
                x * context.value(of: "scale", of: self)
            }
        }
        let input = Input(shape: [1])
        let model = try Model(inputs: input, outputs: Scale()(input))
        try model.compile(optimizer: SGD(learningRate: 0.1), loss: .meanSquaredError)
        try model.trainOnBatch(Tensor([2], shape: [1, 1]), Tensor([0], shape: [1, 1]))
        // As with one Dense unit above.
        #expect(try abs(model.getWeights()[0].scalars[0] - 0.2) < 1e-7)
    }

    @Test func `a model that ends in global pooling predicts on images of several sizes`() throws {
        let model = try Sequential {
            Input(shape: [nil, nil, 3])
            Conv2D(4, kernelSize: 3)
            GlobalAveragePooling2D()
            Dense(2)
        }
        for size in [[8, 8], [5, 12]] {
            let x = Tensor(repeating: 1, shape: [2] + size + [3])
            #expect(try model.predict(x).shape == [2, 2])
        }
    }
}
