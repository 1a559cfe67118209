import Strata
import Testing

@testable import StrataSearch

/// The layers that the values of hyperparameters stand for.
@Suite struct HyperCNNTests {
    private let networks = HyperCNN(
        inputShape: [28, 28, 1], classes: 10, samples: 1000, epochs: 3)

    /// Class names with the arguments that matter.
    private func layers(_ values: [String: HyperParameterValue]) throws -> [String] {
        let model = try networks.build(HyperParameters(values: values))
        let keys = [
            "filters", "kernel_size", "strides", "pool_size", "padding", "units", "rate",
            "activation",
        ]
        return model.layers.map { layer in
            let arguments = keys.compactMap { key in layer.config[key]?.text }
            return (["\(type(of: layer))"] + arguments).joined(separator: " ")
        }
    }

    @Test func pooledBlocks() throws {
        let found = try layers([
            "blocks": .int(2), "convolutions": .int(2), "filters": .int(32),
            "filter_growth": .float(2), "kernel_size": .int(3), "padding": .string("same"),
            "downsampling": .string("pooling"), "pooling": .string("max"), "pool_size": .int(2),
            "batch_normalization": .boolean(true), "activation": .string("relu"),
            "block_dropout": .float(0.1), "head": .string("flatten"), "dense_units": .int(128),
            "dropout": .float(0.3), "horizontal_flip": .boolean(true),
        ])
        let convolution = { (filters: Int) in
            [
                "Conv2D \(filters) [3, 3] [1, 1] \"same\" \"linear\"", "BatchNormalization",
                "Activation \"relu\"",
            ]
        }
        let end = ["MaxPooling2D [2, 2] [2, 2] \"valid\"", "Dropout 0.1"]
        #expect(
            found
                == ["Rescaling", "RandomFlip"]
                .appending(convolution(32), convolution(32), end)
                .appending(convolution(64), convolution(64), end)
                .appending(["Flatten", "Dense 128 \"relu\"", "Dropout 0.3", "Dense 10 \"softmax\""])
        )
    }

    @Test func stridedBlocks() throws {
        let found = try layers([
            "blocks": .int(3), "convolutions": .int(2), "filters": .int(16),
            "filter_growth": .float(1.5), "kernel_size": .int(5), "padding": .string("same"),
            "downsampling": .string("strides"), "activation": .string("silu"),
            "head": .string("global_average"), "translation": .boolean(true),
        ])
        let block = { (filters: Int, size: Int) in
            [
                "Conv2D \(filters) [\(size), \(size)] [1, 1] \"same\" \"silu\"",
                "Conv2D \(filters) [\(size), \(size)] [2, 2] \"same\" \"silu\"",
            ]
        }
        #expect(
            found
                == ["Rescaling", "RandomTranslation"]
                .appending(block(16, 5), block(24, 3), block(36, 3))
                .appending(["GlobalAveragePooling2D", "Dense 10 \"softmax\""]))
    }

    /// 64, 128, and then as many as the most.
    @Test func growthHasAnEnd() throws {
        let found = try layers([
            "blocks": .int(4), "filters": .int(64), "filter_growth": .float(2),
        ])
        let filters = found.filter { $0.hasPrefix("Conv2D") }.map { $0.split(separator: " ")[1] }
        #expect(filters == ["64", "128", "128", "128"])
    }

    /// Of 28 rows, 22 are left by the window of 7, 11 by pooling; 9 and 4 by the second block, 2
    /// and 1 by the third.
    @Test func smallImagesAreInfeasible() {
        #expect {
            try layers([
                "blocks": .int(4), "kernel_size": .int(7), "padding": .string("valid"),
                "downsampling": .string("pooling"), "pool_size": .int(2),
            ])
        } throws: { error in
            guard case .tooSmall? = (error as? GraphError)?.problem else { return false }
            return true
        }
    }

    /// 1000 images are 8 steps of 128, which is 24 steps in 3 epochs: 1 of warm-up and 23 of decay.
    @Test func scheduleHasTheSearchsSteps() throws {
        let model = try networks.build(
            HyperParameters(values: [
                "schedule": .string("cosine"), "batch_size": .int(128),
                "learning_rate": .float(0.002),
            ]))
        guard case .schedule(let rate)? = model.optimizer?.learningRate else {
            Issue.record("no schedule")
            return
        }
        let schedule = try #require(rate as? CosineDecay)
        #expect((schedule.warmupSteps, schedule.decaySteps) == (1, 23))
        #expect(schedule.learningRate(step: 0) == 0)
        #expect(schedule.learningRate(step: 1) == 0.002)
        #expect(schedule.learningRate(step: 24) == 0)
    }

    @Test func batchSizeIsThatOfTheSchedule() throws {
        let hp = HyperParameters(values: ["batch_size": .int(64)])
        _ = try networks.build(hp)
        var arguments = FitArguments(batchSize: 7)
        try networks.configureFit(&arguments, hp)
        #expect(arguments.batchSize == 64)
    }

    /// Names that are only asked for in some trials are known too, and those of no trial are not.
    @Test func namesOfASpaceAreChecked() throws {
        for name in ["sgd_learning_rate", "weight_decay", "pool_size"] {
            try SearchSpace([name: .fixed(.int(1))]).checkNames { _ = try networks.build($0) }
        }
        #expect {
            try SearchSpace(["kernelsize": .fixed(.int(3))]).checkNames {
                _ = try networks.build($0)
            }
        } throws: { error in
            "\(error)".hasSuffix("fix: did you mean kernel_size?")
        }
    }

    @Test func digitsAreNotFlipped() throws {
        let digits = HyperCNN(
            inputShape: [28, 28, 1], classes: 10, samples: 1000, epochs: 3,
            allowsHorizontalFlips: false)
        let hp = HyperParameters()
        _ = try digits.build(hp)
        #expect(!hp.space.contains { $0.name == "horizontal_flip" })
        #expect(hp.space.contains { $0.name == "translation" })
    }

    @Test(arguments: [
        (
            HyperCNN(inputShape: [28, 28], classes: 10, samples: 9, epochs: 1),
            """
            inputShape of HyperCNN is [28, 28]
              fix: use [height, width, channels]
            """
        ),
        (
            HyperCNN(inputShape: [28, 28, 1], classes: 10, samples: 0, epochs: 1),
            """
            samples of HyperCNN is 0
              fix: use 1 or more
            """
        ),
    ]) func wrongArguments(_ networks: HyperCNN, _ message: String) {
        #expect {
            try networks.build(HyperParameters())
        } throws: { error in
            "\(error)" == message
        }
    }

    /// Values that only a space of the user's own can have.
    @Test(arguments: [
        ("blocks", HyperParameterValue.int(-1)), ("convolutions", .int(1 << 40)),
        ("batch_size", .int(0)), ("filters", .int(-8)), ("filter_growth", .float(-1e300)),
        ("kernel_size", .int(0)), ("dense_units", .int(-4)), ("pool_size", .int(-1)),
        ("block_dropout", .float(7)), ("momentum", .float(-3)), ("activation", .string("blue")),
    ]) func valuesWithoutMeaningAreErrors(_ name: String, _ value: HyperParameterValue) {
        let hp = HyperParameters {
            if $0.name == name { return value }
            return $0.name == "optimizer" ? .string("sgd") : $0.domain.defaultValue
        }
        #expect(throws: (any Error).self) { try networks.build(hp) }
    }
}

extension Array {
    fileprivate func appending(_ others: [Element]...) -> [Element] { self + others.joined() }
}
