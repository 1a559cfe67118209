import Strata
import Testing

@testable import StrataSearch

/// The Swift source of a network says what the model is.
@Suite struct ProgramTests {
    private static let networks = HyperCNN(
        inputShape: [28, 28, 1], classes: 10, samples: 54_000, epochs: 15)

    @Test func program() throws {
        let source = try Self.networks.swiftSource(
            [
                "blocks": .int(2), "filters": .int(32), "filter_growth": .float(2),
                "batch_normalization": .boolean(true), "block_dropout": .float(0.1),
                "horizontal_flip": .boolean(true), "translation": .boolean(true),
                "dense_units": .int(64), "optimizer": .string("adamw"), "pool_size": .int(3),
                "learning_rate": .float(0.0025), "weight_decay": .float(0.01),
                "schedule": .string("cosine"), "batch_size": .int(128),
            ], data: .dataset("FashionMNIST", validationSplit: 0.1))
        // 422 steps an epoch, the last with 112 images.
        #expect(
            source == """
                import Strata

                let (train, test) = try FashionMNIST.load()

                let model = try Sequential {
                    Input(shape: [28, 28, 1])
                    Rescaling(1 / 255.0)
                    RandomFlip(.horizontal)
                    RandomTranslation(0.1, 0.1)
                    Conv2D(32, kernelSize: 3, padding: .same, useBias: false)
                    BatchNormalization()
                    Activation(.relu)
                    MaxPooling2D(3, strides: 2)
                    Dropout(0.1)
                    Conv2D(64, kernelSize: 3, padding: .same, useBias: false)
                    BatchNormalization()
                    Activation(.relu)
                    MaxPooling2D(3, strides: 2)
                    Dropout(0.1)
                    Flatten()
                    Dense(64, activation: .relu)
                    Dense(10, activation: .softmax)
                }
                let schedule = CosineDecay(
                    0, decaySteps: 6014, warmupTarget: 0.0025, warmupSteps: 316)
                try model.compile(
                    optimizer: AdamW(learningRate: schedule, weightDecay: 0.01),
                    loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
                try model.fit(train, batchSize: 128, epochs: 15, validationSplit: 0.1)
                print(try model.evaluate(test, verbose: .silent))
                try model.save("model.keras")

                """)
    }

    /// A quotation mark or a backslash in a folder's name ends no text.
    @Test func folder() throws {
        let photos = HyperCNN(inputShape: [96, 64, 3], classes: 2, samples: 100, epochs: 4)
        let source = try photos.swiftSource([:], data: .folder(#"my "photos\""#))
        #expect(
            source.contains(
                #"""
                let (train, validation) = try imageDatasets(
                    fromDirectory: "my \"photos\\\"", batchSize: 32,
                    imageSize: [96, 64], seed: 1, validationSplit: 0.2)
                """#))
        #expect(source.contains("try model.fit(train, epochs: 4, validationData: validation)\n"))
    }

    /// Every layer of a printed program has the class and the arguments of the model's layer.
    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func programsAreTheirModels(_ seed: UInt64) throws {
        let hp = RandomDraws.hyperParameters(seed: seed)
        let model: Model
        do {
            model = try Self.networks.build(hp)
        } catch let error as GraphError {
            guard case .tooSmall = error.problem else { throw error }
            return
        }
        let source = try Self.networks.swiftSource(hp.values, data: .dataset("FashionMNIST"))
        let lines = source.split(separator: "\n").drop { !$0.contains("Input(") }.dropFirst()
            .prefix { $0 != "}" }
        try #require(lines.count == model.layers.count)
        for (line, layer) in zip(lines, model.layers) {
            let printed = try #require(PrintedCall(line))
            #expect(printed.name == "\(type(of: layer))")
            for (key, value) in printed.config { #expect(layer.config[key] == value, "\(line)") }
        }
        let optimizer = try #require(model.optimizer)
        let printed = try #require(
            source.split(separator: "\n").lazy.compactMap {
                $0.split(separator: "optimizer: ").dropFirst().first
            }.first.flatMap { PrintedCall($0.dropLast()) })
        #expect(printed.name == "\(type(of: optimizer))")
        for (key, value) in printed.config where key != "learning_rate" {
            let config = optimizer.ownConfig.merging([
                "weight_decay": JSONValue(optimizer.options.weightDecay)
            ]) { $1 }
            #expect(config[key] == value, "\(printed)")
        }
        if case .constant(let rate) = optimizer.learningRate {
            #expect(printed.config["learning_rate"] == JSONValue(rate))
        }
    }
}
