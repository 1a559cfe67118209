import Testing

@testable import Strata
@testable import StrataVisualization

@Suite struct LayerDrawingTests {
    /// A convolution whose one map is a pixel less the pixel to its right.
    private func edges() throws -> Model {
        let model = try Sequential {
            Input(shape: [3, 4, 1])
            Conv2D(1, kernelSize: [1, 2], useBias: false, name: "edge")
            GlobalMaxPooling2D()
            Dense(2)
        }
        try model.layers[0].weight("kernel").assign(Tensor([1, -1], shape: [1, 2, 1, 1]))
        return model
    }

    private let images = Tensor(
        [1, 2, 4, 8, 0, 0, 0, 0, 5, 5, 5, 5] as [Float], shape: [1, 3, 4, 1])

    @Test func `a sheet of exciting patches says how much each sees`() throws {
        let text = try edges().excitingPatchDrawing(of: "edge", maps: [0], in: images).svg()
        #expect(text.contains("each sees 1 × 2 pixels"))
    }

    @Test func `below a feature map are its number and its largest value`() throws {
        let text = try edges().featureMapDrawing(of: "edge", for: images[0]).svg()
        #expect(text.contains(">0: 0<"))
    }

    @Test func `a map that is not there is refused`() throws {
        let error = #expect(throws: ModelError.self) {
            try edges().featureMapDrawing(of: "edge", for: images[0], chosen: [2])
        }
        #expect(
            error?.description == "layer edge has no map 2\n  fix: use maps from 0 to 0")
    }

    @Test func `a sheet of filters says how many there are and of which size`() throws {
        #expect(try edges().filterDrawing(of: "edge").svg().contains("1 of 1, 1 × 2 × 1"))
    }
}
