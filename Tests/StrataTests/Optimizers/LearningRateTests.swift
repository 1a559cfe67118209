import Testing

@testable import Strata

private let x = Tensor([1], shape: [1, 1])

private func compiled(_ rate: LearningRate) throws -> Model {
    let model = try Sequential {
        Input(shape: [1])
        Dense(1, useBias: false, kernelInitializer: .ones)
    }
    try model.compile(optimizer: SGD(learningRate: rate), loss: .meanSquaredError)
    return model
}

@Suite struct LearningRateTests {
    private static let decay = LearningRate.schedule(
        ExponentialDecay(0.1, decaySteps: 1, decayRate: 0.5))

    private enum Way: CaseIterable {
        case scheduler
        case plateau
        case method
        case property
    }

    /// Keras 3.15.1 raises: "its learning rate is not settable".
    @Test(arguments: Way.allCases)
    private func `a rate that a schedule sets cannot be set otherwise`(_ way: Way) throws {
        let model = try compiled(Self.decay)
        let error = #expect(throws: ModelError.self) {
            switch way {
            case .scheduler:
                try model.fit(
                    x, x, verbose: .silent, callbacks: [LearningRateScheduler { _, _ in 0 }])
            case .plateau:
                try model.fit(
                    x, x, verbose: .silent, callbacks: [ReduceLROnPlateau(monitor: "loss")])
            case .method: try model.setLearningRate(0.5)
            case .property:
                model.learningRate = 0.5
                try model.fit(x, x, verbose: .silent)
            }
        }
        let text = error?.description ?? ""
        #expect(text.contains("cannot be set, because the optimizer has the schedule"))
        #expect(text.contains("fix: compile with a constant learning rate"))
        #expect(try model.getWeights()[0].scalars == [1])
    }

    @Test(arguments: [Float.nan, -0.1, .infinity])
    func `a rate is finite and not negative, whoever sets it`(rate: Float) throws {
        #expect(throws: ModelError.self) { try compiled(.constant(rate)) }
        let model = try compiled(0.1)
        #expect(throws: ModelError.self) { try model.setLearningRate(Double(rate)) }
        #expect(throws: ModelError.self) {
            try model.fit(
                x, x, verbose: .silent, callbacks: [LearningRateScheduler { _, _ in rate }])
        }
        #expect(model.learningRate == 0.1)
        model.learningRate = rate
        #expect(throws: ModelError.self) { try model.trainOnBatch(x, x) }
        model.learningRate = 0.2
        try model.trainOnBatch(x, x)
        #expect(model.learningRate == 0.2)
    }

    @Test func `a schedule of one's own that gives no rate is an error that names the step`() throws
    {
        struct Broken: LearningRateSchedule {
            static let className = "Broken"
            var config: [String: JSONValue] { [:] }
            init() {}
            init(configuration: Configuration) throws(ConfigurationError) {}
            func learningRate(step: Int) -> Float { step == 1 ? .nan : 0.1 }
        }
        let model = try compiled(.schedule(Broken()))
        try model.trainOnBatch(x, x)
        let error = #expect(throws: ModelError.self) { try model.trainOnBatch(x, x) }
        #expect(error?.description.contains("learning rate in step 1 is nan") == true)
    }

    @Test func `a trainer refuses what fit refuses`() throws {
        let model = try compiled(0.1)
        let zero = Tensor([0], shape: [1, 1])
        let bent = Trainer(SGD(learningRate: 0.1, momentum: .nan), for: model)
        #expect(throws: ModelError.self) { try bent.apply([zero]) }
        let scheduled = Trainer(SGD(learningRate: Self.decay), for: model)
        scheduled.learningRate = 1
        #expect(throws: ModelError.self) { try scheduled.apply([zero]) }
        let plain = Trainer(SGD(learningRate: 0.1), for: model)
        plain.learningRate = 0.5
        try plain.apply([zero])
        #expect(plain.learningRate == 0.5)
    }
}
