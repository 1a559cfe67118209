import Testing

@testable import Strata

/// Layers of a user's own in files.
@Suite struct OwnLayerSavingTests {
    /// Two layers of Keras's inside of one, and several in an array; their weights are of one shape.
    final class Mixture: Layer, SerializableLayer {
        private let gate = Dense(4, name: "gate")
        private let experts: [Layer]
        let count: Int

        init(_ count: Int, name: String? = nil) {
            self.count = count
            experts = (0..<count).map { Dense(4, name: "expert_\($0)") }
            super.init(name: name)
        }

        convenience init(configuration: Configuration) throws(ConfigurationError) {
            self.init(
                try configuration.int("count"), name: try configuration.layerName())
        }

        override var trackedLayers: [TrackedLayers] {
            [.layer("gate", gate), .layers("experts", experts)]
        }

        override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
            addWeight("mean", shape: [1], initializer: .zeros, isTrainable: false)
            addWeight("scale", shape: [1], initializer: .ones)
        }

        override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
            var sum = gate(x, context)
            for expert in experts { sum = sum + expert(x, context) }
            return sum * context.value(of: "scale", of: self)
                - context.value(of: "mean", of: self)
        }

        override var config: [String: JSONValue] { ["count": .integer(count)] }
    }

    private func model() throws -> Model {
        registerLayer(Mixture.self)
        return try Sequential(name: "net") {
            Input(shape: [4])
            Mixture(2, name: "mixture")
            Dense(2, name: "last")
        }
    }

    @Test func `layers inside of a layer are saved by the names under which it tracks them`() throws
    {
        let model = try model()
        let file = try model.kerasFile()
        let group = try #require(file.weights.groups["layers"]?.groups["mixture"])
        #expect(group.groups.keys.sorted() == ["experts", "gate", "vars"])
        #expect(group.groups["experts"]?.groups.keys.sorted() == ["dense", "dense_1"])
        // Trainable weights stand before others, in whatever order they were made.
        #expect(group.groups["vars"]?.tensors["0"] == Tensor([1] as [Float]))
        #expect(group.groups["vars"]?.tensors["1"] == Tensor([0] as [Float]))
    }

    /// Holds one layer where nobody looks for it, and tracks another.
    final class Forgetful: Layer {
        private let kept = Dense(4, name: "kept")
        private let forgotten = ["one": Dense(4, name: "forgotten")]
        private let activation = ReLU()

        override var trackedLayers: [TrackedLayers] { [.layer("kept", kept)] }

        override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
            activation(kept(x, context), context) + (forgotten["one"]?(x, context) ?? x)
        }
    }

    /// Calls a layer of a layer that it tracks, and one that has no weights.
    final class Borrower: Layer {
        private let film = TimeDistributed(Dense(4), name: "film")

        override var trackedLayers: [TrackedLayers] { [.layer("film", film)] }

        override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
            ReLU()(film.layer(x, context), context)
        }
    }

    @Test func `a layer that calls another with weights and does not track it is an error`() throws
    {
        let thrown = #expect(throws: GraphError.self) {
            try Sequential {
                Input(shape: [4])
                Forgetful(name: "own")
            }
        }
        #expect(
            thrown?.description.contains(
                "it uses layer forgotten (Dense), which it does not track: the weights of forgotten "
                    + "would be neither trained nor saved") == true)
        #expect(
            thrown?.description.contains(
                "override trackedLayers in Forgetful and list forgotten there") == true)
    }

    /// Builds and calls another layer by hand, past the checks of a call.
    final class Stubborn: Layer {
        private let inner = Dense(4, name: "inner")

        override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
            try inner.build(inputShapes)
        }

        override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
            inner.call(x, context)
        }
    }

    @Test func `a layer that reads the weights of another and does not track it is an error`()
        throws
    {
        let thrown = #expect(throws: GraphError.self) {
            try Sequential {
                Input(shape: [4])
                Stubborn(name: "own")
            }
        }
        #expect(
            thrown?.description.contains(
                "it uses layer inner (Dense), which it does not track") == true)
    }

    /// Two layers that would have one path in a file.
    final class Twofold: Layer {
        private let first = Dense(4)
        private let second = Dense(4)

        override var trackedLayers: [TrackedLayers] {
            [.layer("dense", first), .layer("dense", second)]
        }
    }

    @Test func `two layers tracked under one name are an error`() throws {
        let thrown = #expect(throws: GraphError.self) {
            try Sequential {
                Input(shape: [4])
                Twofold(name: "own")
            }
        }
        #expect(
            thrown?.description.contains("it tracks layers twice under the name dense") == true)
    }

    @Test func `layers further inside, and those without weights, may be called`() throws {
        let model = try Sequential {
            Input(shape: [4])
            Borrower()
        }
        #expect(model.weights.map(\.name) == ["kernel", "bias"])
    }

    @Test func `a layer of one's own is read again once it is registered`() throws {
        let model = try model()
        let again = try Model.load(KerasFile(model.kerasFile().bytes), compiled: false)
        #expect((again.layers.first as? Mixture)?.count == 2)
        #expect(again.weights.count == 10)
        let x = Tensor([1, -2, 3, 0.5], shape: [1, 4])
        #expect(try again.predictOnBatch(x) == model.predictOnBatch(x))
    }

    @Test func `a frozen layer and a policy are restored`() throws {
        let model = try model()
        model.layers[0].isTrainable = false
        let again = try Model.load(model.kerasFile(), compiled: false)
        #expect(again.layers.map(\.isTrainable) == [false, true])
        #expect(again.trainableWeights.map(\.name) == ["kernel", "bias"])
    }

    // MARK: Names, and what models are compiled with

    /// The square of a scaled error.
    struct ScaledError: Loss {
        static let className = "ScaledError"
        var name = "scaled_error"
        var reduction = LossReduction.sumOverBatchSize
        var scale: Float

        init(scale: Float) { self.scale = scale }

        init(configuration: Configuration) throws(ConfigurationError) {
            scale = try configuration.float("scale")
        }

        var config: [String: JSONValue] {
            [
                "name": .string(name), "reduction": .string(reduction.rawValue),
                "scale": .init(scale),
            ]
        }

        func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
            ((targets - predictions) * scale).square().mean(axes: [-1])
        }
    }

    /// The largest prediction so far.
    struct Largest: Metric {
        static let className = "Largest"
        var name = "largest"
        var config: [String: JSONValue] { ["name": .string(name)] }

        init() {}
        init(configuration: Configuration) throws(ConfigurationError) {}

        func initialState(targets: Shape, predictions: Shape) -> [Tensor] { [Tensor(-1e9)] }

        func updatedState(
            _ state: [SymbolicTensor], targets: SymbolicTensor, predictions: SymbolicTensor,
            sampleWeight: SymbolicTensor?
        ) -> [SymbolicTensor] {
            [state[0].maximum(predictions.max())]
        }

        func result(_ state: [SymbolicTensor]) -> SymbolicTensor { state[0] }
    }

    /// Goes a fixed way against the gradient's sign.
    struct SignDescent: Optimizer {
        static let className = "SignDescent"
        var learningRate: LearningRate
        var options = OptimizerOptions()
        var ownConfig: [String: JSONValue] { [:] }

        init(learningRate: LearningRate) { self.learningRate = learningRate }

        init(configuration: Configuration) throws(ConfigurationError) {
            learningRate = .constant(try configuration.float("learning_rate"))
        }

        func slots(name: String, shape: [Int]) -> [OptimizerSlot] { [] }

        func updated(
            _ weight: SymbolicTensor, gradient: SymbolicTensor, slots: [SymbolicTensor],
            _ context: OptimizerContext
        ) -> (weight: SymbolicTensor, slots: [SymbolicTensor]) {
            (weight - gradient.sign() * context.learningRate, [])
        }
    }

    @Test func `classes are found by package and name`() throws {
        registerLayer(Mixture.self, package: "Experts", name: "Blend")
        defer { registerLayer(Mixture.self) }
        let layer = Mixture(1, name: "mixture")
        #expect(layer.serialized.registeredName == "Experts>Blend")
        #expect(layer.serialized.className == "Mixture")
        let again = try LayerRegistry.layer(layer.serialized, path: "")
        #expect(again is Mixture)
    }

    @Test func `a loss, metric and optimizer of one's own train, and are read again`() throws {
        registerLoss(ScaledError.self, package: "Mine")
        registerMetric(Largest.self, package: "Mine")
        registerOptimizer(SignDescent.self, package: "Mine")
        let model = try Sequential {
            Input(shape: [1])
            Dense(1, useBias: false, kernelInitializer: .ones)
        }
        try model.compile(
            optimizer: SignDescent(learningRate: 0.25), loss: ScaledError(scale: 3),
            metrics: [Largest()])
        let (x, y) = (Tensor([1, 2], shape: [2, 1]), Tensor.zeros([2, 1]))
        let logs = try model.trainOnBatch(x, y)
        // 9 · (1² + 2²) / 2, and a step of 0.25 downwards.
        #expect(logs == ["loss": 22.5, "largest": 2])
        #expect(try model.getWeights()[0].scalars == [0.75])

        let file = try model.kerasFile()
        let compilation = try #require(file.configuration["compile_config"])
        #expect(compilation["loss"]?["registered_name"] == "Mine>ScaledError")
        #expect(compilation["optimizer"]?["registered_name"] == "Mine>SignDescent")
        let again = try Model.load(file, compiled: true)
        try again.trainOnBatch(x, y)
        #expect(try again.getWeights()[0].scalars == [0.5])
    }

    @Test func `an unknown class of one's own is an error that says what to do`() throws {
        let object = SerializedObject(
            module: "", className: "Unheard", registeredName: "Theirs>Unheard")
        let thrown = #expect(throws: ConfigurationError.self) {
            try LayerRegistry.layer(object, path: "config.layers[0]")
        }
        #expect(thrown?.message == "layer Unheard is not known")
        #expect(thrown?.fix == "write it in Swift, and register it with registerLayer")
    }
}
