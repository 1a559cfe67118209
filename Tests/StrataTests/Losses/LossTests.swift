import Strata
import Testing

@Suite struct LossTests {
    /// The value of a loss on these numbers.
    private func value(_ loss: any Loss, _ targets: Tensor, _ predictions: Tensor) throws -> Float {
        let result = loss(.constant(targets), .constant(predictions))
        return try evaluate([result])[0].scalars[0]
    }

    @Test(arguments: [
        ("mse", "MeanSquaredError"), ("MAE", "MeanAbsoluteError"),
        ("bce", "BinaryCrossentropy"), ("kl_divergence", "KLDivergence"),
        ("sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
        ("log_cosh", "LogCosh"), ("Huber", "Huber"), ("ctc", "CTC"),
    ])
    func `a loss is found by Keras's names and keeps the one that was used`(
        name: String, className: String
    ) throws {
        let loss = try LossRegistry.loss(.string(name), path: "loss")
        #expect(type(of: loss).className == className)
        #expect(loss.name == name)
    }

    @Test func `a loss is found by a function that Keras wrote`() throws {
        let object: JSONValue = [
            "module": "builtins", "class_name": "function", "config": "mean_squared_error",
            "registered_name": "function",
        ]
        let loss = try LossRegistry.loss(object, path: "loss")
        #expect(type(of: loss).className == "MeanSquaredError")
    }

    @Test func `an unknown loss is named with its place`() {
        #expect(throws: ConfigurationError.self) { try LossRegistry.loss("msee", path: "loss") }
        do {
            _ = try LossRegistry.loss("msee", path: "compile_config.loss")
        } catch {
            #expect("\(error)" == "compile_config.loss: loss msee is not known")
        }
    }

    /// −log(¼ + ¼ + ¼), to seven digits and the few units of 6e-8 that a logarithm and an exponential lose: of four ways through two times only blank-blank does not spell the label.
    @Test func `CTC adds up all ways to a label`() throws {
        let loss = try value(
            .ctc, Tensor([1], shape: [1, 1]), Tensor([0, 0, 0, 0], shape: [1, 2, 2]))
        #expect(abs(loss - 0.287_682_07) < 1e-6)
    }

    /// A repeated label needs a blank between: three times allow one way of eight.
    @Test func `CTC puts a blank between equal labels`() throws {
        let loss = try value(
            .ctc, Tensor([1, 1], shape: [1, 2]),
            Tensor([0, 0, 0, 0, 0, 0], shape: [1, 3, 2]))
        // Three sums of logarithms up to 2.1, each off by at most two units of 2.4e-7.
        #expect(abs(loss - 2.079_441_5) < 2e-6)
    }

    @Test func `CTC of shapes that do not fit, or of too many steps, is an error`() {
        func problem(_ targets: Shape, _ predictions: Shape) -> String {
            CTC().values(targets: .input("y", targets), predictions: .input("p", predictions))
                .error?.description ?? ""
        }
        #expect(problem([3, 2], [2, 5, 3]).contains("cannot be reshaped"))
        #expect(problem([2, 3], [2, 1 << 40, 3]).hasPrefix("CTC was given 1099511627776 times"))
        #expect(problem([2, 1 << 42], [2, 5, 3]).hasPrefix("the labels of one sample of shape "))
    }

    @Test func `a number of classes that no tensor has is no problem of the labels`() {
        let loss = SparseCategoricalCrossentropy()
        for classes in [-1, 0, .min] {
            #expect(loss.problem(targets: Tensor([0]), predictions: [1, classes]) == nil)
        }
        #expect(loss.problem(targets: Tensor([1]), predictions: [1, 1]) != nil)
    }

    @Test func `crossentropy looks at the shapes`() throws {
        let p = Tensor([0.25, 0.75], shape: [1, 2])
        // −log ¾ for class 1, given as a number and one-hot, and for one column; Keras clips at 1e-7, and a
        // logarithm is off by a few units of 6e-8.
        for targets in [
            Tensor([1], shape: [1]), Tensor([1], shape: [1, 1]), Tensor([0, 1], shape: [1, 2]),
        ] {
            #expect(abs(try value(.crossentropy, targets, p) - 0.287_682_07) < 1e-6)
        }
        let binary = try value(
            .crossentropy, Tensor([1], shape: [1]), Tensor([0.75], shape: [1, 1]))
        #expect(abs(binary - 0.287_682_07) < 1e-6)
        let named = try LossRegistry.loss("ce", path: "loss")
        #expect(named.json == "ce")
    }

    @Test func `class numbers for a categorical crossentropy are refused with a cure`() {
        let loss = CategoricalCrossentropy()
        let error = loss(.input("y", [4]), .input("p", [4, 10])).error
        #expect(
            error?.description == """
                targets of shape [4] were given for predictions of shape [4, 10]
                  fix: use sparse categorical crossentropy for class indices, or make targets one-hot
                """)
    }

    @Test func `one-hot targets for a sparse crossentropy are refused with a cure`() {
        let loss = SparseCategoricalCrossentropy()
        let error = loss(.input("y", [4, 10]), .input("p", [4, 10])).error
        #expect(
            error?.description == """
                targets of shape [4, 10] were given, but class indices of shape [4] are needed
                  fix: use categorical crossentropy for one-hot targets
                """)
    }

    @Test func `an argument that Keras forgets is kept where it is not the default`() throws {
        let loss = try LossRegistry.loss(Huber(delta: 0.25).serialized.json, path: "loss")
        #expect((loss as? Huber)?.delta == 0.25)
        #expect(Huber().config == ["name": "huber_loss", "reduction": "sum_over_batch_size"])
    }
}
