import Testing

@testable import Strata

@Suite struct GetLayerTests {
    private func model() throws -> Model {
        try Sequential(name: "net") {
            Input(shape: [2])
            Dense(3, name: "hidden")
            Dense(1, name: "last")
        }
    }

    @Test func `a layer is found by its name and by its place`() throws {
        let model = try model()
        #expect(try model.getLayer(name: "hidden") === model.layers[0])
        #expect(try model.getLayer(index: 1) === model.getLayer(name: "last"))
        #expect(try model.getLayer(index: -2).name == "hidden")
    }

    @Test func `a model is made of another's inputs and a layer's output`() throws {
        let model = try model()
        let x: Tensor = [[1, 2], [3, 4]]
        let hidden = try Model(model.inputs, model.getLayer(name: "hidden").output)
        #expect(try hidden.predict(x).shape == [2, 3])
        let rest = try Model(model.layers[0].output, model.layers[1].output)
        #expect(try rest.predict(hidden.predict(x)) == model.predict(x))
        let i = Input(shape: [2])
        let functional = try Model(i, Dense(1)(i))
        #expect(
            try Model(functional.layers[0].output, functional.layers[1].output).predict(x)
                == functional.predict(x))
    }

    @Test func `a layer without a single output says so`() {
        let layer = Dense(1, name: "d")
        #expect(layer.output.error?.description.contains("d was called 0 times") == true)
        let i = Input(shape: [1])
        let twice = layer(layer(i))
        #expect(layer.output.error?.description.contains("d was called 2 times") == true)
        #expect(twice.shape == [nil, 1])
    }

    @Test func `a name that is not there is an error that lists those that are`() throws {
        let model = try model()
        let error = #expect(throws: ModelError.self) { try model.getLayer(name: "first") }
        #expect(
            error?.description == """
                model net has no layer first
                  fix: take one of: hidden, last
                """)
    }

    @Test(arguments: [2, -3, .max, .min])
    func `a place beyond the layers is an error`(index: Int) throws {
        let model = try model()
        let error = #expect(throws: ModelError.self) { try model.getLayer(index: index) }
        #expect(
            error?.description == """
                model net has no layer \(index), but 2 layers
                  fix: count from 0, or backwards from -1
                """)
    }
}
