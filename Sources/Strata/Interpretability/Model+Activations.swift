internal import StrataGraph

extension Model {
    /// A layer's outputs for samples.
    ///
    /// ```swift
    /// let maps = try model.activations(of: "conv2d_1", for: test.x[0..<8])
    /// ```
    ///
    /// - Parameters:
    ///   - layer: the layer's name.
    ///   - x: samples `[count, …]`.
    ///   - batchSize: samples in a step, 1 or more.
    /// - Returns: `float32 [count, …]`, with channels last even for a layer with channels first.
    /// - Throws: a ``ModelError`` if there is no such layer, or the samples do not fit the model.
    public func activations(
        of layer: String, for x: Tensor, batchSize: Int = 32
    ) throws -> Tensor {
        try upTo(layer).predict(x, batchSize: batchSize)
    }

    /// The model from its inputs to a layer; it shares this one's weights.
    package func upTo(_ layer: String) throws -> Model {
        let call = try call(of: layer)
        let output = call.outputs[0]
        let isFirst = call.layer.config["data_format"] == .string("channels_first")
        return try Model(
            inputs: inputs,
            outputs: isFirst && output.rank == 4 ? output.transposed([0, 2, 3, 1]) : output)
    }

    /// A convolution's filters, `[height, width, channels, filters]`.
    ///
    /// - Throws: a ``ModelError`` if there is no such layer, or it has no 2D filters.
    public func filters(of layer: String) throws -> Tensor {
        let found = try call(of: layer).layer
        guard let kernel = found.weights.first(where: { $0.shape.count == 4 }) else {
            throw ModelError(
                .invalidArgument(
                    "layer \(layer) is a \(type(of: found).className), which has no filters",
                    fix: "name a Conv2D: \(namesOfConvolutions)"))
        }
        return try kernel.value.cast(to: .float32)
    }

    /// The layers with filters.
    var namesOfConvolutions: String {
        let names = layers.filter { $0.weights.contains { $0.shape.count == 4 } }.map(\.name)
        return names.isEmpty ? "this model has none" : names.joined(separator: ", ")
    }

    /// A layer's feature maps for one sample, `[height, width, maps]`.
    package func featureMaps(of layer: String, for sample: Tensor) throws -> Tensor {
        let maps = try upTo(layer).predictOnBatch(try batch(of: sample))
        guard maps.rank == 4 else { throw notMaps(layer, maps.shape) }
        return maps[0]
    }

    func notMaps(_ layer: String, _ shape: [Int]) -> ModelError {
        ModelError(
            .invalidArgument(
                "layer \(layer) gives \(shape), which are not feature maps",
                fix: "name a layer whose output is [batch, height, width, channels]"))
    }

    package func check(maps: [Int], of layer: String, count: Int) throws {
        guard let stranger = maps.first(where: { !(0..<count).contains($0) }) else { return }
        throw ModelError(
            .invalidArgument(
                "layer \(layer) has no map \(stranger)", fix: "use maps from 0 to \(count - 1)"))
    }
}
