#if Server
import HTTPTypes
import Strata

/// Maximum and average pooling of the same map, side by side.
struct PoolingComparison {
    let window: [Int]
    let strides: [Int]
    let padding: Padding

    /// - Throws: a ``StudioError`` if an argument is out of range.
    init(_ arguments: Arguments) throws(StudioError) {
        window = try Self.pair("window", try arguments.integers("window") ?? [2, 2])
        strides = try Self.pair("strides", try arguments.integers("strides") ?? window)
        let name = arguments.text("padding") ?? "valid"
        guard let padding = Padding(rawValue: name), padding == .valid || padding == .same else {
            throw StudioError(.badRequest, "padding is \(name); use valid or same")
        }
        self.padding = padding
    }

    private static func pair(_ name: String, _ values: [Int]) throws(StudioError) -> [Int] {
        guard (1...2).contains(values.count), values.allSatisfy({ (1...1024).contains($0) }) else {
            throw StudioError(
                .badRequest, "\(name) is \(values); use one or two numbers from 1 to 1024")
        }
        return values.count == 2 ? values : [values[0], values[0]]
    }

    /// - Parameter map: `float32 [height, width]`.
    /// - Throws: a ``GraphError`` if the window is larger than the map.
    func json(of map: Tensor) throws -> JSONValue {
        [
            "input": JSONValue(map), "max": JSONValue(try pooled(map, isMax: true)),
            "average": JSONValue(try pooled(map, isMax: false)),
        ]
    }

    func pooled(_ map: Tensor, isMax: Bool) throws -> Tensor {
        let input = Input(shape: [map.shape[0], map.shape[1], 1])
        let layer: Layer =
            isMax
            ? MaxPooling2D(window, strides: strides, padding: padding)
            : AveragePooling2D(window, strides: strides, padding: padding)
        let model = try Model(inputs: input, outputs: layer(input))
        let result = try model.predictOnBatch(try map.reshaped([1] + map.shape + [1]))
        return try result.reshaped(Array(result.shape[1...2]))
    }
}
#endif
