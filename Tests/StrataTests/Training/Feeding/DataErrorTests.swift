import Strata
import Testing

@Suite struct `Errors of data` {
    private let model: Model

    init() throws {
        model = try Sequential {
            Input(shape: [2, 2, 1], name: "image")
            Flatten()
            Dense(10, activation: .softmax, name: "classes")
        }
        try model.compile(optimizer: SGD(), loss: .sparseCategoricalCrossentropy)
    }

    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    private let images = Tensor(repeating: 0.5, shape: [3, 2, 2, 1])
    private let labels = Tensor([Int32(0), 1, 2])

    @Test func `a label beyond the classes names the sample and the range`() {
        #expect(
            message { try model.fit(images, Tensor([Int32(0), 10, 2]), verbose: .silent) } == """
                the target of sample 1 is class 10, but there are 10 classes, 0 to 9
                  fix: count classes from 0, or let the last layer give more of them
                """)
    }

    @Test func `a value that is no number is shown with its place`() {
        var values = images.scalars
        values[5] = .nan
        let x = Tensor(values, shape: images.shape)
        let text = """
            x[1, 0, 1, 0] is nan
              fix: clean the data: look for missing values, and for divisions by 0
            """
        #expect(message { try model.fit(x, labels, verbose: .silent) } == text)
        #expect(message { try model.evaluate(x, labels, verbose: .silent) } == text)
        #expect(message { _ = try model.predict(x) } == text)
    }

    @Test func `images of another shape are shown beside what the model takes`() {
        #expect(
            message { _ = try model.predict(Tensor(repeating: 0, shape: [1, 3, 3, 1])) } == """
                image has shape [1, 3, 3, 1], but the model takes [?, 2, 2, 1]
                  fix: resize or reshape the data, or make the model with another Input(shape:)
                """)
    }

    @Test func `an image that is too small for a model of any size shows the way of this image`()
        throws
    {
        let model = try Sequential {
            Input(shape: [nil, nil, 1], name: "image")
            MaxPooling2D(2, name: "pool_1")
            MaxPooling2D(2, name: "pool_2")
            GlobalAveragePooling2D()
        }
        #expect(
            message { _ = try model.predict(Tensor(repeating: 0, shape: [1, 3, 8, 1])) } == """
                pool_2: an image of [1, 1, 4, 1] is smaller than the pool window [2, 2]
                  image -> [1, 3, 8, 1]
                  pool_1 -> [1, 1, 4, 1]
                  fix: use padding: .same, fewer pools or smaller strides, or a larger image
                """)
    }

    @Test func `targets of another shape than the predictions name the output`() throws {
        try model.compile(optimizer: SGD(), loss: .categoricalCrossentropy)
        let text = message {
            try model.fit(images, Tensor(repeating: 0, shape: [3, 4]), verbose: .silent)
        }
        #expect(text.hasPrefix("the loss of classes: "))
        #expect(text.contains("[3, 4]") && text.contains("[3, 10]"))
    }

    @Test func `as many targets as samples are needed`() {
        #expect(
            message { try model.fit(images, Tensor([Int32(0)]), verbose: .silent) } == """
                there are 1 targets for 3 samples
                  fix: give one for each sample
                """)
    }

    @Test func `training needs a compiled model`() throws {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1)
        }
        let one = Tensor([1], shape: [1, 1])
        #expect(
            message { try model.fit(one, one, verbose: .silent) } == """
                training needs a compiled model
                  fix: call compile(optimizer:loss:metrics:) first
                """)
    }

    @Test(arguments: [(0, 1, 0.0), (1, 0, 0), (1, 1, 1), (1, 1, -0.5)])
    func `arguments outside of their range are refused`(
        batchSize: Int, epochs: Int, split: Double
    ) {
        #expect(throws: ModelError.self) {
            try model.fit(
                images, labels, batchSize: batchSize, epochs: epochs, verbose: .silent,
                validationSplit: split)
        }
    }

    @Test func `weights of another shape leave the model as it was`() throws {
        let before = try model.getWeights()
        let wrong = [before[0], Tensor([1])]
        #expect(
            message { try model.setWeights(wrong) } == """
                weight bias has shape [10], but a value of shape [1] was given
                  fix: take the weights of a model with the same layers
                """)
        #expect(try model.getWeights() == before)
    }
}
