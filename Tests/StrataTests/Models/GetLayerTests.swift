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
