import Strata
import Testing

@Suite struct TensorFunctionTests {
    @Test func `functions of each element have the values of mathematics`() {
        let x = Tensor([0, 1, 4])
        #expect(exp(x).allClose(Tensor([1, 2.718_281_8, 54.598_15])))
        #expect(log(x + 1).allClose(Tensor([0, 0.693_147_2, 1.609_437_9])))
        #expect(x.log1p().allClose(log(x + 1)))
        #expect(sqrt(x) == [0, 1, 2])
        #expect(pow(x, 2) == [0, 1, 16])
        #expect(pow(x, 0.5) == [0, 1, 2])
        #expect(x.power(Tensor([[2], [0]])) == [[0, 1, 16], [1, 1, 1]])
        #expect(abs(-x) == x)
        #expect(x.tanh().allClose(Tensor([0, 0.761_594_2, 0.999_329_3])))
        let ends = [Float](log(Tensor([0, -1] as [Int32])))
        #expect(ends[0] == -.infinity && ends[1].isNaN)
        #expect(pow(Tensor([2, 3] as [UInt8]), 2) == [4, 9])
    }

    @Test func `random numbers follow from a seed and lie where they should`() throws {
        let x = Tensor.randomUniform([1000], low: -1, high: 3, seed: 1)
        #expect(x == Tensor.randomUniform([1000], low: -1, high: 3, seed: 1))
        #expect(x != Tensor.randomUniform([1000], low: -1, high: 3, seed: 2))
        #expect(try x.min().item() >= -1 && x.max().item() < 3)
        let y = Tensor.randomNormal([40_000], mean: 5, stddev: 2, seed: 3)
        // Four standard errors: 2 / √40000 of the mean, 2 / √80000 of the deviation.
        #expect(try abs(y.mean().item() - 5) < 0.04 && abs(y.std().item() - 2) < 0.03)
    }

    @Test(arguments: [[-1], [1 << 44]])
    func `random numbers of a shape that cannot be end the process with the shape`(shape: [Int])
        async throws
    {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [shape] in
            _ = Tensor.randomNormal(shape)
        }
        let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(said.contains("shape \(shape)"))
    }

    @Test func `variables of any number type stand beside a symbolic tensor`() throws {
        let (count, rate, half) = (3, 0.5, Float(0.25))
        let x = SymbolicTensor.constant([2, 4])
        let results = try evaluate([
            x * rate + count, count - x / count, 2 * x + x / 255 - 0.5, half * x, rate / x,
        ])
        #expect(results[0] == [4, 5])
        #expect(results[1].allClose([3 - 2 / 3.0, 3 - 4 / 3.0].tensor))
        #expect(results[2].allClose([3.5 + 2 / 255.0, 7.5 + 4 / 255.0].tensor))
        #expect(results[3] == [0.5, 1])
        #expect(results[4] == [0.25, 0.125])
    }

    // jax.numpy.argmax and argmin of [1, nan, 2, nan] are 1.
    @Test func `NaN is largest and smallest in a graph, and passes through extremes`() throws {
        let x = SymbolicTensor.constant(Tensor([1, .nan, 2, .nan]))
        let results = try evaluate([
            Ops.argmax(x), Ops.argmin(x), Ops.max(x), Ops.min(x), Ops.maximum(x, .constant(0)),
            Ops.minimum(.constant(0), x), Ops.argmax(x, axis: 0),
        ])
        #expect([0, 1, 6].map { results[$0].integers } == [[1], [1], [1]])
        #expect(results[2].scalars[0].isNaN && results[3].scalars[0].isNaN)
        for result in results[4...5] {
            #expect(result.scalars.map(\.isNaN) == [false, true, false, true])
        }
    }

    @Test(arguments: [DType.uint8, .int32, .bool, .float32, .bfloat16])
    func `the smallest element of every type is found`(dtype: DType) throws {
        let x = Tensor([1, 0, 1]).cast(to: dtype)
        #expect(try evaluate([Ops.argmin(.constant(x))])[0].integers == [1])
        #expect(try x.argMin().integers == [1])
    }

    private func model() throws -> Sequential {
        try Sequential {
            Input(shape: [4, 4, 1])
            Conv2D(3, kernelSize: 3, activation: .relu)
            Flatten()
            Dense(2, activation: .softmax)
        }
    }

    @Test func `one sample is a batch of one`() throws {
        let model = try model()
        let x = Tensor.randomUniform([3, 4, 4, 1], seed: 5)
        let first = try model.predict(x)[0..<1]
        #expect(first.shape == [1, 2])
        for sample in [x[0], x[0..<1], x[0, ..., 0]] {
            #expect(try model.predict(sample) == first)
            #expect(try model.predictOnBatch(sample) == first)
        }
        #expect(try model.predict(x[..., 0]) == model.predict(x))
        #expect(throws: ModelError.self) { try model.predict(x[0, 0]) }
        #expect(throws: ModelError.self) { try model.predict(Tensor(1)) }
        #expect(throws: ModelError.self) { try model.predict(Tensor.zeros([0, 4, 4, 1])) }
    }

    @Test func `evidence takes a sample and a batch of one alike`() throws {
        let model = try model()
        let x = Tensor.randomUniform([2, 4, 4, 1], seed: 6)
        let layer = model.layers.first { $0 is Conv2D }?.name ?? ""
        let alone = try model.gradCAM(for: x[0], layer: layer)
        #expect(try model.gradCAM(for: x[0..<1], layer: layer) == alone)
        #expect(throws: ModelError.self) { try model.gradCAM(for: x, layer: layer) }
    }

    @Test func `the tensors of a set have Keras's order and shapes`() throws {
        let ((xTrain, yTrain), (xTest, yTest)) = try Shapes.loadData(trainCount: 6, testCount: 4)
        #expect(xTrain.shape == [6, 28, 28] && yTrain.shape == [6])
        #expect(xTest.shape == [4, 28, 28] && yTest.shape == [4])
        #expect([xTrain, yTrain, xTest, yTest].allSatisfy { $0.dtype == .uint8 })
        let images = try xTrain.reshaped([-1, 28, 28, 1]) / 255
        #expect(images.shape == [6, 28, 28, 1] && images.dtype == .float32)
    }
}

extension [Double] {
    fileprivate var tensor: Tensor { Tensor(self) }
}
