import Testing

@testable import Strata

/// What no file could be read with is refused where it is made.
@Suite struct ReadabilityTests {
    private func model() throws -> Model {
        try Sequential {
            Input(shape: [2])
            Dense(3, activation: .softmax)
        }
    }

    static let optimizers: [(optimizer: any Optimizer, message: String)] = [
        (
            Adam(options: OptimizerOptions(clipnorm: 1, globalClipnorm: 1)),
            "Adam: clipnorm excludes clipvalue and global_clipnorm: keep one of them"
        ),
        (
            SGD(options: OptimizerOptions(clipnorm: 1, clipvalue: 1)),
            "SGD: clipnorm excludes clipvalue and global_clipnorm: keep one of them"
        ),
        (
            RMSprop(options: OptimizerOptions(gradientAccumulationSteps: 1)),
            "gradientAccumulationSteps of RMSprop is 1"
        ),
        (
            LossScaleOptimizer(Adam(options: OptimizerOptions(clipvalue: 1, globalClipnorm: 1))),
            "LossScaleOptimizer: inner_optimizer.clipnorm excludes clipvalue and global_clipnorm: "
                + "keep one of them"
        ),
        (Lion(beta1: 0), "beta1 of Lion is 0.0"),
        (Adam(learningRate: .constant(.nan)), "learningRate of Adam is nan"),
        (
            SGD(learningRate: .schedule(ExponentialDecay(0.1, decaySteps: 0, decayRate: 0.5))),
            "decaySteps of ExponentialDecay is 0"
        ),
        (SGD(options: OptimizerOptions(name: "a/b")), "the name a/b has the character /"),
    ]

    @Test(arguments: optimizers.indices)
    func `compile refuses an optimizer that load would refuse`(_ index: Int) throws {
        let (optimizer, message) = Self.optimizers[index]
        let model = try model()
        let error = #expect(throws: ModelError.self) {
            try model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy)
        }
        #expect(error?.description.hasPrefix(message) == true, "\(error as Any)")
        #expect(!model.isCompiled)
    }

    @Test func `compile refuses losses and metrics that load would refuse`() throws {
        let loss = #expect(throws: ModelError.self) {
            try model().compile(optimizer: Adam(), loss: CategoricalGeneralizedCrossEntropy(q: 2))
        }
        #expect(
            loss?.description.hasPrefix("q of CategoricalGeneralizedCrossEntropy is 2.0") == true)
        let metric = #expect(throws: ModelError.self) {
            try model().compile(
                optimizer: Adam(), loss: .categoricalCrossentropy, metrics: [FBetaScore(beta: 0)])
        }
        #expect(
            metric?.description.hasPrefix("beta of FBetaScore is 0.0") == true)
    }

    /// An optimizer of one's own, not registered.
    private struct Own: Optimizer {
        static let className = "Own"
        var learningRate: LearningRate = 0.1
        var options = OptimizerOptions()
        var ownConfig: [String: JSONValue] { [:] }
        init() {}
        init(configuration: Configuration) throws(ConfigurationError) {}
        func slots(name: String, shape: [Int]) -> [OptimizerSlot] { [] }
        func updated(
            _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
            _ context: OptimizerContext
        ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) { (weight, slots) }
    }

    @Test func `what is not registered matters to files only`() throws {
        let model = try model()
        try model.compile(optimizer: Own(), loss: .sparseCategoricalCrossentropy)
        try model.compile(
            optimizer: LossScaleOptimizer(Own()), loss: .sparseCategoricalCrossentropy)
    }

    @Test func `the check draws no seeds`() throws {
        func weights(_ extra: Bool) throws -> [Tensor] {
            try SeedStream.$own.withValue(SeedStream(seed: 3)) {
                try Sequential {
                    Input(shape: [2])
                    Dropout(0.5)
                    Dense(2)
                }.getWeights()
            }
        }
        // The stream gives its first seed to the dropout and its second one to the kernel.
        var generator = SeedStream.$own.withValue(SeedStream(seed: 3)) {
            _ = RandomGenerator.nextSeed()
            return RandomGenerator(seed: RandomGenerator.nextSeed())
        }
        #expect(
            try weights(true)[0] == GlorotUniform().values(shape: [2, 2], generator: &generator))
    }

    // MARK: Names

    static let named: [@Sendable () throws -> Void] = [
        {
            let input = Input(shape: [2])
            _ = try Model(inputs: input, outputs: Dense(1, name: "a/b")(input))
        },
        {
            let input = Input(shape: [2], name: "a/b")
            _ = try Model(inputs: input, outputs: Dense(1)(input))
        },
        {
            let input = Input(shape: [2])
            _ = try Model(inputs: input, outputs: Dense(1)(input), name: "a/b")
        },
        {
            _ = try Sequential(name: "a/b") {
                Input(shape: [2])
                Dense(1)
            }
        },
        { try Sequential(name: "a/b").add(Dense(1)) },
        {
            final class Weighted: Layer {
                override func build(_ inputShapes: [Shape]) { addWeight("a/b", shape: [1]) }
            }
            let input = Input(shape: [2])
            _ = try Model(inputs: input, outputs: Weighted()(input))
        },
        {
            let input = Input(shape: [2, 2])
            _ = try Model(inputs: input, outputs: TimeDistributed(Dense(1, name: "a/b"))(input))
        },
    ]

    @Test(arguments: named.indices)
    func `a name with a slash is refused, as Keras cannot open such a file`(_ index: Int) {
        let error = #expect(throws: GraphError.self) { try Self.named[index]() }
        #expect(
            error?.description.contains(
                "the name a/b has the character /, and Keras cannot open a file with such a name")
                == true)
        #expect(error?.description.contains("fix: take another character, such as _") == true)
    }
}
