/// One call of a layer in a model's wiring.
package final class LayerCall: TensorProducer, @unchecked Sendable {
    package let layer: Layer
    package var name: String { layer.name }
    package private(set) var inputs: [SymbolicTensor]
    /// The index of this call among the layer's calls.
    let index: Int
    private let types: [TensorType]

    init(layer: Layer, inputs: [SymbolicTensor], index: Int, _ results: [SymbolicTensor]) {
        self.layer = layer
        self.inputs = inputs
        self.index = index
        types = results.compactMap(\.type)
    }

    deinit { releaseInputs() }

    package func takeInputs() -> [SymbolicTensor] {
        defer { inputs = [] }
        return inputs
    }

    /// The outputs, which refer to this call.
    package var outputs: [SymbolicTensor] {
        types.enumerated().map { index, type in
            var tensor = SymbolicTensor.input(layer.name, type.shape, dtype: type.dtype)
            tensor.producer = self
            tensor.producerOutput = index
            return tensor
        }
    }

    /// The layers on the path to a tensor, first to last, along first inputs.
    static func chain(to tensor: SymbolicTensor) -> [GraphError.Link] {
        var links: [GraphError.Link] = []
        var current: SymbolicTensor? = tensor
        while let tensor = current, let call = tensor.producer as? LayerCall {
            links.append(GraphError.Link(call.layer.name, tensor.shape))
            current = call.inputs.first
        }
        return links.reversed()
    }
}
