import Testing

@testable import Strata

/// Training steps that a user writes.
@Suite struct OwnStepTests {
    private static let x = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])
    private static let y = Tensor([1, -1, 2], shape: [3, 1])

    private func model() throws -> Model {
        try SeedStream.$own.withValue(SeedStream(seed: 7)) {
            try Sequential {
                Input(shape: [2])
                Dense(4, activation: .tanh)
                BatchNormalization()
                Dense(1, kernelConstraint: MaxNorm(maxValue: 0.5))
            }
        }
    }

    @Test func `the gradient of a square is twice the number`() throws {
        let layer = Dense(1, useBias: false, kernelInitializer: .ones)
        let input = Input(shape: [1])
        let model = try Model(inputs: input, outputs: layer(input))
        let square = valueAndGradient(of: model.trainableWeights) { inputs, context in
            model(inputs[0], context).square().sum()
        }
        // w = 1: (3w)² = 9, its derivative 18w.
        let (value, gradients) = try square([Tensor([3], shape: [1, 1])])
        #expect(value.scalars == [9])
        #expect(gradients == [Tensor([18], shape: [1, 1])])
        // w − 0.5 · 18 = −8: (3w)² = 576, 18w = −144.
        try Trainer(SGD(learningRate: 0.5), for: model).apply(gradients)
        #expect(try model.getWeights() == [Tensor([-8], shape: [1, 1])])
        let again = try square([Tensor([3], shape: [1, 1])])
        #expect(again.value.scalars == [576])
        #expect(again.gradients[0].scalars == [-144])
    }

    @Test func `a closure is traced once for inputs of one shape`() throws {
        var traces = 0
        let sum = TracedFunction { inputs, _ in
            traces += 1
            return [inputs[0].sum()]
        }
        #expect(try sum([Tensor([1, 2])])[0].scalars == [3])
        #expect(try sum([Tensor([3, 4])])[0].scalars == [7])
        #expect(traces == 1)
        #expect(try sum([Tensor([1, 2, 3])])[0].scalars == [6])
        #expect(traces == 2)
    }

    static let optimizers: [any Optimizer] = [
        SGD(learningRate: 0.1, momentum: 0.9),
        Adam(learningRate: .schedule(ExponentialDecay(0.1, decaySteps: 1, decayRate: 0.5))),
        Adam(options: OptimizerOptions(weightDecay: 0.1, clipnorm: 0.01)),
        LossScaleOptimizer(SGD(learningRate: 0.1), initialScale: 8),
    ]

    @Test(arguments: optimizers)
    func `a step of one's own trains as fit does`(optimizer: any Optimizer) throws {
        let (own, gradient, compiled) = (try model(), try model(), try model())
        try compiled.compile(optimizer: optimizer, loss: .meanSquaredError)

        let trainer = Trainer(optimizer, for: own)
        let step = TracedFunction { inputs, context in
            let loss = MeanSquaredError()(inputs[1], own(inputs[0], context))
            context.minimize(loss, trainer)
            return [loss]
        }
        let second = Trainer(optimizer, for: gradient)
        let loss = valueAndGradient(of: gradient.trainableWeights) { inputs, context in
            MeanSquaredError()(inputs[1], gradient(inputs[0], context))
        }
        for _ in 0..<4 {
            let expected = try compiled.trainOnBatch(Self.x, Self.y)["loss"] ?? .nan
            try compiled.resetMetrics()
            let got = try step([Self.x, Self.y])[0].scalars[0]
            let (value, gradients) = try loss([Self.x, Self.y])
            try second.apply(gradients)
            // The same operations in plans that may join them otherwise: a few units in the last place.
            for loss in [got, value.scalars[0]] {
                #expect(abs(loss - expected) <= 1e-5 * abs(expected))
            }
        }
        #expect(try trainer.iterations == 4)
        // Adam divides a gradient by its own size: one that has cancelled to 1/5000 of its terms is off by 5000 · 2⁻²⁴
        // = 3e-4 of itself, and so is the step; the steps of at most 0.1 and its halves add up to 0.19: 6e-5.
        for other in [own, gradient] where !(optimizer is LossScaleOptimizer) || other === own {
            for (a, b) in try zip(other.getWeights(), compiled.getWeights()) {
                #expect(zip(a.scalars, b.scalars).allSatisfy { abs($0 - $1) <= 1e-4 })
            }
        }
    }

    @Test func `two optimizers train two networks against each other in one step`() throws {
        // The generator adds g to noise, the critic weighs by c, and both are numbers: what each must
        // become in a step of gradient descent is found by hand.
        let (noise, sample) = (Input(shape: [1]), Input(shape: [1]))
        let generator = try Model(
            inputs: noise,
            outputs: Dense(1, kernelInitializer: .zeros, biasInitializer: .ones)(noise))
        let critic = try Model(
            inputs: sample,
            outputs: Dense(1, useBias: false, kernelInitializer: .ones)(sample))
        let generatorTrainer = Trainer(SGD(learningRate: 0.5), for: generator)
        let criticTrainer = Trainer(SGD(learningRate: 0.25), for: critic)
        let step = TracedFunction { inputs, context in
            let fake = critic(generator(inputs[0], context), context).mean()
            let real = critic(inputs[1], context).mean()
            context.minimize(fake - real, criticTrainer)
            context.minimize(-fake, generatorTrainer)
            return [fake, real]
        }
        let losses = try step([Tensor.zeros([2, 1]), Tensor([3, 5], shape: [2, 1])])
        #expect(losses.map(\.scalars) == [[1], [4]])
        // d(fake − real)/dc = g − mean = 1 − 4; d(−fake)/dg = −c = −1, with the c from before.
        #expect(try critic.getWeights()[0].scalars == [1 + 0.25 * 3])
        #expect(try generator.getWeights()[1].scalars == [1 + 0.5])
    }

    @Test func `layers draw anew in every step, and not at all outside of training`() throws {
        let dropout = Dropout(0.5)
        for isTraining in [true, false] {
            let function = TracedFunction(isTraining: isTraining) { inputs, context in
                [dropout(inputs[0], context)]
            }
            let ones = Tensor(repeating: 1, shape: [256])
            let (first, second) = (try function([ones])[0], try function([ones])[0])
            #expect((first == second) == !isTraining)
            #expect((first == ones) == !isTraining)
        }
    }

    @Test func `what is no number has no gradient`() throws {
        let model = try model()
        let loss = valueAndGradient(of: model.trainableWeights) { inputs, context in
            model(inputs[0], context)
        }
        let thrown = #expect(throws: GraphError.self) { try loss([Self.x]) }
        #expect(
            thrown?.description == """
                a gradient is taken of a scalar, but a tensor of shape [3, 1] was given
                  fix: return a scalar: a loss, or a sum() or mean()
                """)
    }

    @Test func `gradients of another number or shape are an error`() throws {
        let trainer = Trainer(SGD(), for: try model())
        #expect(throws: ModelError.self) { try trainer.apply([]) }
        #expect(throws: ModelError.self) {
            try trainer.apply(trainer.weights.map { _ in Tensor([1, 2, 3, 4, 5]) })
        }
    }
}
