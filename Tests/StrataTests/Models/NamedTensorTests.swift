import Testing

@testable import Strata

/// Models with inputs and outputs by names, as Keras's dictionaries.
@Suite struct NamedTensorTests {
    private func model() throws -> Model {
        let (b, a) = (Input(shape: [1], name: "b"), Input(shape: [1], name: "a"))
        return try Model(inputs: ["b": b, "a": a], outputs: ["z": a * 2 + b, "m": a - b])
    }

    @Test func `inputs are given and outputs are found by their names`() throws {
        let model = try model()
        #expect(model.inputNames == ["a", "b"])
        #expect(model.outputNames == ["m", "z"])
        let outputs = try model.predict([
            "a": Tensor([1], shape: [1, 1]), "b": Tensor([5], shape: [1, 1]),
        ])
        #expect(outputs["z"]?.scalars == [7])
        #expect(outputs["m"]?.scalars == [-4])
    }

    @Test func `names that are missing or not there are told`() throws {
        let x = Tensor([1], shape: [1, 1])
        let missing = #expect(throws: ModelError.self) { try model().predict(["a": x]) }
        #expect(missing?.description == "the input b is missing\n  fix: give a tensor for b")
        let other = #expect(throws: ModelError.self) {
            try model().predict(["a": x, "b": x, "c": x])
        }
        #expect(other?.description == "the model has no input c\n  fix: use a, b")
        let input = Input(shape: [1], name: "own")
        let named = #expect(throws: GraphError.self) {
            try Model(inputs: ["x": input], outputs: ["y": input * 2])
        }
        #expect(named?.description.contains("the input x was made with the name own") == true)
    }

    @Test func `losses and metrics are logged by the outputs' names`() throws {
        let model = try model()
        try model.compile(
            optimizer: SGD(), losses: [MeanSquaredError(), MeanSquaredError()],
            metrics: [[], [MeanAbsoluteErrorMetric()]])
        let x = Tensor([1], shape: [1, 1])
        let logs = try model.testOnBatch([x, x], [x, x])
        // m is 0 and z is 3, where 1 is wanted.
        #expect(logs["m_loss"] == 1)
        #expect(logs["z_loss"] == 4)
        #expect(logs["z_mean_absolute_error"] == 2)
        let file = try model.kerasFile()
        #expect(file.configuration["compile_config"]?["loss"]?["z"] != nil)
        #expect(
            file.configuration["config"]?["output_layers"]?["m"] != nil
                && file.configuration["config"]?["input_layers"]?["b"] == ["b", 0, 0])
        let again = try Model.load(file, compiled: true)
        #expect(again.outputNames == ["m", "z"])
        #expect(try again.testOnBatch([x, x], [x, x]) == logs)
    }
}
