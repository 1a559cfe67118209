import Testing

@testable import Strata

/// Means and variances that Keras was given as a number, or as a list of one.
@Suite struct GivenNormalizationTests {
    /// Keras 3.15.1: `Normalization(mean=[2.0], variance=[4.0])` and the same with numbers, of 0 … 5.
    @Test(arguments: [.number(2), .array([.number(2)])] as [JSONValue], [[3], [3, 1], [2, 3]])
    func `one mean is for all, and a file keeps how it was written`(
        mean: JSONValue, shape: [Int]
    ) throws {
        let variance: JSONValue = mean == .number(2) ? .number(4) : .array([.number(4)])
        let object = SerializedObject(
            module: "keras.layers", className: "Normalization",
            config: ["axis": [-1], "mean": mean, "variance": variance, "invert": false])
        let layer = try LayerRegistry.layer(object, path: "")
        let model = try Sequential([InputLayer(batchShape: Shape([nil] + shape.map { $0 })), layer])
        let numbers = (0..<shape.reduce(1, *)).map(Float.init)
        let y = try model.predictOnBatch([Tensor(numbers, shape: [1] + shape)])[0]
        #expect(y.scalars == [-1, -0.5, 0, 0.5, 1, 1.5].prefix(numbers.count).map { $0 })
        #expect(layer.config["mean"] == mean)
        #expect(layer.config["variance"] == variance)
    }
}
