import Strata
import Testing

/// What goes wrong in the first hour, and what the errors say to do.
@Suite struct FirstMistakesTests {
    private let x = Tensor.zeros([6, 8, 8])
    private let y = Tensor([0, 1, 2, 0, 1, 2] as [UInt8])

    @Test func `a shape with the number of samples in it`() throws {
        let model = try Sequential {
            Input(shape: x.shape)
            Flatten()
            Dense(3)
        }
        try model.compile(optimizer: SGD(), loss: .sparseCategoricalCrossentropy)
        let error = #expect(throws: ModelError.self) { try model.fit(x, y, verbose: .silent) }
        #expect(
            error?.description.hasSuffix(
                "fix: leave the number of samples out of the input's shape: "
                    + "Input(shape: x[0].shape)") == true, "\(error as Any)")
    }

    @Test func `no Flatten before the last layer`() throws {
        let model = try Sequential {
            Input(shape: [8, 8, 1])
            Conv2D(4, 3)
            Dense(3, activation: .softmax)
        }
        try model.compile(optimizer: SGD(), loss: .sparseCategoricalCrossentropy)
        let error = #expect(throws: (any Error).self) {
            try model.fit(x, y, verbose: .silent)
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("put Flatten() or a global pooling before the last Dense"), "\(text)")
    }

    @Test func `a position out of a tensor of positions`() throws {
        let wrong = (y .!= Tensor([0, 1, 1, 0, 1, 1] as [Int32])).nonzero()[0]
        #expect(Int(y[wrong[1]]) == 2)
        #expect(x[wrong[0]].shape == [8, 8])
        #expect([UInt8](y[wrong]) == [2, 2])
    }

    @Test func `a confusion matrix of tensors`() throws {
        let predictions = Tensor([0, 1, 1, 0, 1, 2] as [Int32])
        let matrix = try ConfusionMatrix(labels: y, predictions: predictions)
        #expect(matrix.classNames == ["0", "1", "2"])
        #expect(matrix.counts == [[2, 0, 0], [0, 2, 0], [0, 1, 1]])
        #expect(throws: ModelError.self) {
            try ConfusionMatrix(labels: y, predictions: Tensor([0, 1, 1, 0, 1, .max] as [Int32]))
        }
    }

    @Test func `the names of a set's classes`() {
        #expect(FashionMNIST.classNames[9] == "Ankle boot")
        #expect(MNIST.classNames == (0..<10).map(String.init))
        #expect(CIFAR10.classNames[0] == "airplane")
        #expect(CIFAR100.classNames.count == 100)
    }
}
