import Strata
import StrataTestSupport
import Synchronization
import Testing

/// What a frozen model predicts, and for what.
@Suite struct PredictorTests {
    private typealias Network = PredictorNetwork

    @Test(arguments: [1, 2, 4, 8, 16, 32])
    func `a batch of a plan's size has the bits that the model has`(count: Int) throws {
        let model = try Network.make()
        let x = Network.samples(count)
        #expect(try Predictor(model).predict(x) == model.predictOnBatch(x))
    }

    @Test(arguments: [3, 5, 6, 7, 9, 11, 12, 31, 33, 70])
    func `other batches are divided or filled up`(count: Int) throws {
        let model = try Network.make()
        let x = Network.samples(count)
        let (found, expected) = (try Predictor(model).predict(x), try model.predictOnBatch(x))
        #expect(found.shape == [count, 3])
        for (a, b) in zip(found.scalars, expected.scalars) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func `training afterwards changes nothing`() throws {
        let model = try Network.make()
        let before = try Predictor(model)
        let x = Network.samples(4)
        let expected = try model.predictOnBatch(x)
        try model.trainOnBatch(Network.samples(8), Network.classes(8))
        let after = try Predictor(model)
        #expect(try before.predict(x) == expected)
        #expect(try after.predict(x) == model.predictOnBatch(x))
        try model.trainOnBatch(Network.samples(8), Network.classes(8))
        #expect(try before.predict(x) == expected)
        #expect(try after.predict(x) != model.predictOnBatch(x))
        // A plan that is made later.
        let first = try before.predict(Network.samples(1)).scalars
        for (a, b) in zip(first, expected.scalars) { #expect(abs(a - b) < 1e-6) }
    }

    @Test func `layers that are added afterwards change nothing`() throws {
        let model = try Network.make()
        let x = Network.samples(2)
        let expected = try model.predictOnBatch(x)
        let predictor = try Predictor(model)
        try model.add(Dense(7))
        #expect(try predictor.predict(x) == expected)
        #expect(predictor.outputs.map(\.shape) == [[nil, 3]])
    }

    @Test func `requests are predicted in one batch, each for itself`() throws {
        let predictor = try Predictor(try Network.make())
        let counts = [1, 3, 2, 40, 1]
        let requests = counts.enumerated().map { [Network.samples($1, seed: $0)] }
        let found = try predictor.predict(requests: requests)
        #expect(found.map { $0.map(\.shape) } == counts.map { [[$0, 3]] })
        for (request, outputs) in zip(requests, found) {
            let alone = try predictor.predict(request)
            for (a, b) in zip(outputs[0].scalars, alone[0].scalars) { #expect(abs(a - b) < 1e-6) }
        }
        #expect(try predictor.predict(requests: []).isEmpty)
    }

    @Test func `several inputs and outputs, and an input that is not used`() throws {
        let (a, b, c) = (
            Input(shape: [2], name: "a"), Input(shape: [3], name: "b"),
            Input(shape: [1], name: "c")
        )
        let model = try Model(inputs: [a, b, c], outputs: [b * 2, Concatenate()([a, b])])
        let predictor = try Predictor(model)
        func request(_ count: Int, _ value: Float) -> [Tensor] {
            [2, 3, 1].map { Tensor(repeating: value * Float($0), shape: [count, $0]) }
        }
        let requests = [request(1, 1), request(4, 2), request(2, 3)]
        let found = try predictor.predict(requests: requests)
        for (request, outputs) in zip(requests, found) {
            #expect(try outputs == model.predictOnBatch(request))
        }
        #expect(throws: ModelError.self) { _ = try predictor.predict(requests[0][0]) }
    }

    @Test func `open sizes have a plan each`() throws {
        let input = Input(shape: [nil, nil, 1])
        let image = Conv2D(2, kernelSize: 3)(input)
        let model = try Model(inputs: input, outputs: GlobalAveragePooling2D()(image))
        let predictor = try Predictor(model)
        try predictor.warmUp(batchSizes: [1, 2])
        let requests = (3..<40).map { [Tensor(repeating: Float($0), shape: [1, $0, 4, 1])] }
        let found = try predictor.predict(requests: requests)
        for (request, outputs) in zip(requests, found) {
            #expect(try outputs == model.predictOnBatch(request))
        }
        #expect(throws: ModelError.self) {
            _ = try predictor.predict(Tensor.zeros([1 << 40, 0, 4, 1]))
        }
        let error = #expect(throws: GraphError.self) {
            _ = try predictor.predict(Tensor.zeros([1, 2, 4, 1]))
        }
        #expect("\(try #require(error))".contains("conv2d"))
    }

    @Test func `inputs fit as those of the model`() throws {
        let model = try Network.make()
        let predictor = try Predictor(model)
        let x = Network.samples(2)
        let expected = try model.predictOnBatch(x)
        #expect(try predictor.predict(try x.reshaped([2, 6, 6])) == expected)
        #expect(try predictor.predict(try x.reshaped([2, 6, 6, 1, 1])) == expected)
        let pixels = Tensor((0..<36).map { UInt8($0) }, shape: [6, 6])
        #expect(try predictor.predict(pixels) == model.predictOnBatch(pixels))
    }

    @Test(
        arguments: [
            ([], "0 input tensors were given, but the model has 1"),
            ([.zeros([0, 6, 6, 1])], "there are no samples"),
            (
                [.zeros([2, 5, 6, 1])],
                "image has shape [2, 5, 6, 1], but the model takes [?, 6, 6, 1]"
            ),
            ([Tensor(1)], "there are no samples"),
            ([Tensor(repeating: .nan, shape: [1, 6, 6, 1])], "image[0, 0, 0, 0] is nan"),
        ] as [([Tensor], String)])
    func `data that does not fit`(x: [Tensor], words: String) async throws {
        let predictor = try Predictor(try Network.make())
        for error in [
            #expect(throws: ModelError.self) { _ = try predictor.predict(x) },
            await #expect(throws: ModelError.self) { _ = try await predictor.predict(x) },
            #expect(throws: ModelError.self) {
                _ = try predictor.predict(requests: [[Network.samples(1)], x])
            },
        ] { #expect("\(try #require(error))".hasPrefix(words)) }
        // Nothing is left behind.
        #expect(try await predictor.predict(Network.samples(1)).shape == [1, 3])
    }

    @Test func `outputs without a row for each sample are refused`() throws {
        let input = Input(shape: [2])
        let predictor = try Predictor(try Model(inputs: input, outputs: input.sum()))
        let error = #expect(throws: ModelError.self) {
            _ = try predictor.predict(Tensor.zeros([2, 2]))
        }
        #expect("\(try #require(error))".contains("has shape [] for 2 samples"))
    }

    @Test func `a file, with its names and classes`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/digits.keras"
        let model = try Network.make()
        model.classNames = ["a", "b", "c"]
        try model.save(to: path)
        let predictor = try Predictor(contentsOf: path)
        #expect(predictor.classNames == ["a", "b", "c"])
        #expect(predictor.inputs.map(\.name) == ["image"])
        #expect(predictor.inputs.map(\.shape) == [[nil, 6, 6, 1]])
        for count in [1, 2, 32] {
            let x = Network.samples(count)
            #expect(try predictor.predict(x) == model.predictOnBatch(x))
        }
        #expect(throws: FileError.self) { _ = try Predictor(contentsOf: path + "x") }
    }

    @Test func `what cannot be frozen or warmed up`() throws {
        #expect(throws: ModelError.self) { _ = try Predictor(Sequential([Dense(1)])) }
        #expect(throws: ModelError.self) { _ = try Predictor(try Network.make(), concurrency: 0) }
        let predictor = try Predictor(try Network.make())
        #expect(throws: ModelError.self) { try predictor.warmUp(batchSizes: [0]) }
        try predictor.warmUp(batchSizes: [1, 5, 64])
    }

    /// The weights of one layer are 4 MiB; other layouts of them are allowed for once.
    @Test func `weights are in memory once, whatever the batch sizes`() throws {
        let input = Input(shape: [1024])
        let model = try Model(inputs: input, outputs: Dense(1024)(input))
        let predictor = try Predictor(model, concurrency: 2)
        #expect(predictor.weightsByteCount == 0)
        try predictor.warmUp(batchSizes: [1])
        let once = predictor.weightsByteCount
        #expect(once >= 4 << 20 && once < 5 << 20)
        try predictor.warmUp(batchSizes: [2, 4, 8, 16, 32])
        #expect(predictor.weightsByteCount < 3 * once)
    }
}
