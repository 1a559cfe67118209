import Strata
import Testing

@Suite struct OptimizerStepTests {
    /// Trains one weight that begins at 1 with given gradients; its value after each step.
    private func values(_ optimizer: any Optimizer, gradients: [Float]) throws -> [Float] {
        let weight = Variable("kernel", value: Tensor([1], shape: [1]))
        let state = OptimizerState(optimizer, weights: [weight])
        let updates = state.updates(
            optimizer, weights: [(weight, .variable(weight), .input("g", [1]))])
        return try gradients.map { gradient in
            _ = try evaluate([], inputs: ["g": Tensor([gradient])], updates: updates)
            return try weight.value.scalars[0]
        }
    }

    /// The mean of 1 and 3 is 2: one step of 0.5 · 2 down, every second time.
    @Test func `gathered gradients make one step along their mean`() throws {
        let optimizer = SGD(
            learningRate: 0.5, options: OptimizerOptions(gradientAccumulationSteps: 2))
        #expect(try values(optimizer, gradients: [1, 3, 0, 2]) == [1, 0, 0, -0.5])
    }

    /// Scaled gradients 64 and 128 are 1 and 2; the infinite one changes nothing and halves the scale.
    @Test func `a loss scale leaves out a step that is not finite`() throws {
        let optimizer = LossScaleOptimizer(
            SGD(learningRate: 0.5), initialScale: 64, dynamicGrowthSteps: 1000)
        #expect(
            try values(optimizer, gradients: [64, .infinity, .nan, 16]) == [0.5, 0.5, 0.5, 0])
    }

    /// Averages: 0, then ½·0 + ½·(−1) = −½, which the weight takes on.
    @Test func `a weight takes on its running average`() throws {
        let optimizer = SGD(
            learningRate: 1,
            options: OptimizerOptions(useEMA: true, emaMomentum: 0.5, emaOverwriteFrequency: 2))
        #expect(try values(optimizer, gradients: [1, 1]) == [0, -0.5])
    }

    @Test func `weights that are excluded do not decay`() throws {
        let options = OptimizerOptions(weightDecay: 0.5, excludedFromWeightDecay: ["kern.l"])
        #expect(try values(SGD(learningRate: 1, options: options), gradients: [0]) == [1])
        let decaying = OptimizerOptions(weightDecay: 0.5)
        #expect(try values(SGD(learningRate: 1, options: decaying), gradients: [0]) == [0.5])
    }

    @Test func `state of another optimizer is refused and nothing changes`() throws {
        let weight = Variable("kernel", value: Tensor([1, 2], shape: [2]))
        let state = OptimizerState(Adam(), weights: [weight])
        let before = try state.variables.map { try $0.value }
        #expect(before.count == 4)
        do {
            try state.restore(Array(before.dropLast()))
            Issue.record("three variables were taken for four")
        } catch {
            #expect(
                "\(error)" == "optimizer: 3 variables were given, but this optimizer has 4")
        }
        do {
            try state.restore(before.dropLast() + [Tensor([1], shape: [1])])
            Issue.record("a wrong shape was taken")
        } catch {
            #expect("\(error)" == "optimizer: kernel_velocity has shape [2], not [1]")
        }
        #expect(try state.variables.map { try $0.value } == before)
    }

    @Test(arguments: [
        ("adam", "Adam"), ("rmsprop", "RMSprop"), ("SGD", "SGD"), ("adamw", "AdamW"),
        ("lossscaleoptimizer", nil), ("adadelta", "Adadelta"), ("nope", nil),
    ])
    func `an optimizer is found by Keras's names`(name: String, className: String?) throws {
        let found = try? OptimizerRegistry.optimizer(.string(name), path: "optimizer")
        #expect(found.map { type(of: $0).className } == className)
    }

    @Test func `two ways of clipping are refused where a file has them`() {
        let config: JSONValue = [
            "module": "keras.optimizers", "class_name": "SGD",
            "config": ["clipnorm": 1.0, "clipvalue": 1.0],
        ]
        do {
            _ = try OptimizerRegistry.optimizer(config, path: "optimizer")
            Issue.record("both were taken")
        } catch {
            #expect(
                "\(error)" == "optimizer.config.clipnorm: excludes clipvalue and "
                    + "global_clipnorm: keep one of them")
        }
    }
}
