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

    @Test(arguments: [
        (Tensor([Int32(0), -1, 2]), "-1"), (Tensor([0, 10, 2]), "10.0"),
        (Tensor([0, 1e30, 2]), "1e+30"), (Tensor([0, -1.5, 2]), "-1.5"),
    ])
    func `labels of any type that are no class are refused by all that read them`(
        labels: Tensor, label: String
    ) {
        let calls: [() throws -> Void] = [
            { try model.fit(images, labels, verbose: .silent) },
            { try model.evaluate(images, labels, verbose: .silent) },
            { try model.trainOnBatch(images, labels) }, { try model.testOnBatch(images, labels) },
            { try model.fit(LabelledRows(images, labels), verbose: .silent) },
            { try model.evaluate(LabelledRows(images, labels), verbose: .silent) },
        ]
        for call in calls {
            #expect(
                message(call).hasPrefix(
                    "the target of sample 1 is class \(label), but there are 10 classes, 0 to 9"))
        }
    }

    /// As Keras converts them: 1.9 is class 1, and −0.5 class 0.
    @Test func `fractions of labels are cut off`() throws {
        let cut = try model.testOnBatch(images, Tensor([1.9, -0.5, 2.25]))
        #expect(try cut["loss"] == model.testOnBatch(images, Tensor([Int32(1), 0, 2]))["loss"])
    }

    @Test(arguments: [Float.nan, .infinity])
    func `labels and weights that are no numbers are refused`(value: Float) {
        let text = message { try model.fit(images, Tensor([0, value, 1]), verbose: .silent) }
        #expect(text.hasPrefix("y[1] is \(value)"))
        let weights = message {
            try model.fit(
                images, labels, verbose: .silent, sampleWeight: Tensor([1, 1, value]))
        }
        #expect(weights.hasPrefix("sampleWeight[2] is \(value)"))
        let narrow = Tensor([0.5, value, 1], shape: [1, 3]).cast(to: .bfloat16)
        let own = message { _ = try Self.wide.predict(narrow) }
        #expect(own.hasPrefix("x[0, 1] is \(value)"))
    }

    private static var wide: Model {
        get throws {
            try Sequential {
                Input(shape: [3])
                Dense(1)
            }
        }
    }

    @Test func `no samples are an error of every call`() {
        let (none, classes) = (Tensor.zeros([0, 2, 2, 1]), Tensor.zeros([0], dtype: .int32))
        let empty = LabelledRows(none, classes, batches: 0)
        let calls: [() throws -> Void] = [
            { try model.fit(none, classes, verbose: .silent) },
            { try model.evaluate(none, classes, verbose: .silent) },
            { _ = try model.predict(none) }, { _ = try model.predictOnBatch(none) },
            { try model.trainOnBatch(none, classes) }, { try model.testOnBatch(none, classes) },
            {
                try model.fit(
                    images, labels, verbose: .silent, validationData: (none, classes))
            },
            { try model.fit(empty, verbose: .silent) },
            { try model.evaluate(empty, verbose: .silent) }, { _ = try model.predict(empty) },
            { try model.fit(LabelledRows(none, classes), verbose: .silent) },
            {
                try model.fit(LabelledRows(images, labels), verbose: .silent, validationData: empty)
            },
        ]
        for call in calls {
            #expect(message(call) == "there are no samples\n  fix: give at least one")
        }
    }

    @Test(arguments: [(0.1, "training"), (1e-17, "validation")])
    func `a validation split that leaves nothing says for what`(split: Double, part: String) {
        let one = (images[0..<1], labels[0..<1])
        let text = message {
            try model.fit(one.0, one.1, verbose: .silent, validationSplit: split)
        }
        #expect(
            text.hasPrefix("validationSplit \(split) of 1 samples leaves none for \(part)"))
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

/// Rows as one batch, or as none.
private struct LabelledRows: Dataset {
    private let batch: Batch
    let batchCount: Int?

    init(_ x: Tensor, _ y: Tensor, batches: Int = 1) {
        batch = Batch(x: [x], y: [y])
        batchCount = batches
    }

    private struct Iterator: BatchIterator {
        var rest: [Batch]
        mutating func next() -> Batch? { rest.popLast() }
    }

    func batches(inEpoch epoch: Int) -> any BatchIterator {
        Iterator(rest: batchCount == 0 ? [] : [batch])
    }
}
