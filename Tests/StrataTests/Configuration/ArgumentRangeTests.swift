import Testing

@testable import Strata

@Suite struct ArgumentRangeTests {
    private func refusal(
        _ optimizer: any Optimizer = SGD(), loss: any Loss = .meanSquaredError,
        metrics: [any Metric] = []
    ) throws -> String {
        let model = try Sequential {
            Input(shape: [2])
            Dense(2)
        }
        do {
            try model.compile(optimizer: optimizer, loss: loss, metrics: metrics)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private static func options(_ change: (inout OptimizerOptions) -> Void) -> SGD {
        var options = OptimizerOptions()
        change(&options)
        return SGD(options: options)
    }

    /// Ranges are Keras's where it has one, and those outside of which the arithmetic is undefined elsewhere.
    private static let optimizers: [(any Optimizer, String)] = [
        (SGD(momentum: .nan), "momentum of SGD is nan"),
        (SGD(momentum: 1.5), "momentum of SGD is 1.5"),
        (SGD(momentum: -0.5), "momentum of SGD is -0.5"),
        (SGD(learningRate: -1), "learningRate of SGD is -1.0"),
        (Adam(learningRate: .constant(.infinity)), "learningRate of Adam is inf"),
        (Adam(beta1: 1), "beta1 of Adam is 1.0"), (Adam(beta2: .nan), "beta2 of Adam is nan"),
        (Adam(epsilon: -1), "epsilon of Adam is -1.0"),
        (RMSprop(rho: 2), "rho of RMSprop is 2.0"), (Lion(beta1: 0), "beta1 of Lion is 0.0"),
        (Ftrl(learningRatePower: 1), "learningRatePower of Ftrl is 1.0"),
        (options { $0.clipnorm = .nan }, "clipnorm of SGD is nan"),
        (options { $0.clipvalue = -1 }, "clipvalue of SGD is -1.0"),
        (options { $0.globalClipnorm = .infinity }, "globalClipnorm of SGD is inf"),
        (options { $0.weightDecay = .nan }, "weightDecay of SGD is nan"),
        (options { $0.emaMomentum = 2 }, "emaMomentum of SGD is 2.0"),
        (options { $0.emaOverwriteFrequency = 0 }, "emaOverwriteFrequency of SGD is 0"),
        (options { $0.gradientAccumulationSteps = 1 }, "gradientAccumulationSteps of SGD is 1"),
        (options { $0.lossScaleFactor = 0 }, "lossScaleFactor of SGD is 0"),
        (LossScaleOptimizer(SGD(momentum: 3)), "momentum of SGD is 3.0"),
        (LossScaleOptimizer(SGD(), initialScale: -1), "initialScale of LossScaleOptimizer is -1.0"),
        (LossScaleOptimizer(SGD(), dynamicGrowthSteps: 0), "dynamicGrowthSteps of"),
    ]

    @Test(arguments: optimizers.indices)
    func `an optimizer's numbers are in their ranges`(index: Int) throws {
        let (optimizer, expected) = Self.optimizers[index]
        let text = try refusal(optimizer)
        #expect(text.hasPrefix(expected) && text.contains("fix: use "), "\(text)")
    }

    private static let schedules: [(any LearningRateSchedule, String)] = [
        (
            ExponentialDecay(0.1, decaySteps: 0, decayRate: 0.5),
            "decaySteps of ExponentialDecay is 0"
        ),
        (ExponentialDecay(.nan, decaySteps: 1, decayRate: 0.5), "initialLearningRate of"),
        (
            ExponentialDecay(0.1, decaySteps: 1, decayRate: -1),
            "decayRate of ExponentialDecay is -1.0"
        ),
        (CosineDecay(0.1, decaySteps: .min), "decaySteps of CosineDecay is"),
        (CosineDecay(0.1, decaySteps: 1, warmupTarget: 1, warmupSteps: .min), "warmupSteps of"),
        (CosineDecay(0.1, decaySteps: 1, alpha: .nan), "alpha of CosineDecay is nan"),
        (CosineDecayRestarts(0.1, firstDecaySteps: 1, tMul: 0), "tMul of CosineDecayRestarts is 0"),
        (PolynomialDecay(0.1, decaySteps: -1), "decaySteps of PolynomialDecay is -1"),
        (PolynomialDecay(0.1, decaySteps: 1, power: .infinity), "power of PolynomialDecay is inf"),
        (InverseTimeDecay(0.1, decaySteps: 0, decayRate: 1), "decaySteps of InverseTimeDecay is 0"),
        (PiecewiseConstantDecay([0.1], boundaries: [3]), "PiecewiseConstantDecay has 1 values"),
        (
            PiecewiseConstantDecay([1, 1, 1], boundaries: [3, 3]),
            "PiecewiseConstantDecay has 3 values"
        ),
        (
            PiecewiseConstantDecay([1, .nan], boundaries: [3]),
            "values of PiecewiseConstantDecay is nan"
        ),
    ]

    @Test(arguments: schedules.indices)
    func `a schedule's numbers are in their ranges`(index: Int) throws {
        let (schedule, expected) = Self.schedules[index]
        // It gives a rate all the same, and traps for no step.
        for step in [0, 1, Int.max, .min] { _ = schedule.learningRate(step: step) }
        let text = try refusal(SGD(learningRate: .schedule(schedule)))
        #expect(text.hasPrefix(expected) && text.contains("fix: "), "\(text)")
    }

    @Test func `numbers of losses and metrics are in their ranges`() throws {
        #expect(try refusal(loss: Huber(delta: .nan)).hasPrefix("delta of Huber is nan"))
        #expect(try refusal(loss: Huber(delta: -1)).hasPrefix("delta of Huber is -1.0"))
        let smoothed = CategoricalCrossentropy(labelSmoothing: 2)
        #expect(try refusal(loss: smoothed).hasPrefix("labelSmoothing of"))
        let metric = F1Score(threshold: 2)
        #expect(try refusal(metrics: [metric]).hasPrefix("threshold of F1Score is 2"))
        #expect(try refusal(metrics: [AUC(numThresholds: .max)]).contains("use at most 1000000"))
    }

    @Test(arguments: [0, -1, 10_001, .max, .min])
    func `a number of classes out of range is an error of compile, and no class`(count: Int) throws
    {
        for metric in [MeanIoU(numClasses: count), OneHotMeanIoU(numClasses: count)]
            as [any ClassOverlapMetric]
        {
            #expect(metric.targetClassIDs == [])
            let text = try refusal(metrics: [metric])
            #expect(text.hasPrefix("numClasses of \(type(of: metric)) is \(count)"), "\(text)")
        }
        #expect(MeanIoU(numClasses: 3).targetClassIDs == [0, 1, 2])
        let labels = AUC(multiLabel: true, numLabels: count < 1 ? count : .max)
        #expect(try refusal(metrics: [labels]).hasPrefix("numLabels of AUC is "))
        let regressors = R2Score(numRegressors: count < 0 ? count : .max)
        #expect(try refusal(metrics: [regressors]).hasPrefix("numRegressors of R2Score is "))
    }

    @Test func `what Keras accepts is accepted`() throws {
        #expect(try refusal(SGD(learningRate: 0, momentum: 1)) == "")
        // A norm of 0 clips nothing in Keras.
        #expect(try refusal(Self.options { $0.clipnorm = 0 }) == "")
        #expect(try refusal(Lion(beta1: 1)) == "")
        #expect(try refusal(Adam(beta1: 0)) == "")
        for type in OptimizerRegistry.types where type.className != "LossScaleOptimizer" {
            #expect(try refusal(type.init(configuration: Configuration([:]))) == "")
        }
    }

    @Test func `numbers of callbacks are in their ranges`() throws {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1)
        }
        try model.compile(optimizer: SGD(), loss: .meanSquaredError)
        let x = Tensor([1], shape: [1, 1])
        let callbacks: [Callback] = [
            EarlyStopping(monitor: "loss", patience: .min), EarlyStopping(minDelta: .nan),
            EarlyStopping(baseline: .nan), EarlyStopping(startFromEpoch: -1),
            ModelCheckpoint("never.keras", saveFrequency: .batches(0)),
            ModelCheckpoint("never.keras", initialValueThreshold: .nan),
            BackupAndRestore("never", saveFrequency: .batches(.min)),
            TensorBoard("never", histogramFrequency: -1),
            TensorBoard("never", updateFrequency: .batches(0)),
        ]
        for callback in callbacks {
            let error = #expect(throws: ModelError.self) {
                try model.fit(x, x, verbose: .silent, callbacks: [callback])
            }
            #expect(error?.description.contains("of \(type(of: callback)) is ") == true)
        }
        #expect(throws: ModelError.self) { try ReduceLROnPlateau(patience: -1) }
        #expect(throws: ModelError.self) { try ReduceLROnPlateau(factor: .nan) }
        #expect(throws: ModelError.self) { try ReduceLROnPlateau(minDelta: .nan) }
        #expect(throws: ModelError.self) { try ReduceLROnPlateau(cooldown: .min) }
        #expect(throws: ModelError.self) { try ReduceLROnPlateau(minLR: .infinity) }
        let patient = try ReduceLROnPlateau(monitor: "loss", patience: .max, cooldown: .max)
        try model.fit(
            x, x, verbose: .silent,
            callbacks: [patient, EarlyStopping(monitor: "loss", patience: .max)])
    }

    @Test(arguments: [Double.nan, -1, .infinity])
    func `a profile takes a time that ends`(seconds: Double) throws {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1)
        }
        let x = Tensor([1], shape: [1, 1])
        #expect(throws: ModelError.self) { try model.profile(x, seconds: seconds) }
        #expect(throws: ModelError.self) { try model.planDescription(batchSize: .max) }
    }
}
