/// What layers share that join several inputs element by element.
public class MergingLayer: Layer, SerializableLayer {
    /// - Parameter name: unique within a model.
    public init(name: String? = nil) {
        super.init(name: name, isTrainable: true)
    }

    public required convenience init(_ configuration: Configuration) throws(ConfigurationError) {
        self.init(name: try configuration.layerName())
    }

    /// What becomes of two values.
    func merge(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor { a }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        guard inputShapes.count >= 2 else {
            throw .invalidArgument(
                "\(inputShapes.count) input came, where two or more are needed",
                fix: "call the layer with an array of tensors")
        }
    }

    public override func call(_ inputs: [SymbolicTensor], _ context: CallContext)
        -> [SymbolicTensor]
    {
        // Inputs of fewer axes get axes of 1 behind the batch, as Keras has it, not before it.
        let rank = inputs.map(\.rank).max() ?? 0
        let aligned = inputs.map { x in
            guard x.rank < rank, x.rank > 0 else { return x }
            let ones = Array(repeating: Int?.some(1), count: rank - x.rank)
            let batch = [x.shape[0] ?? -1]
            return x.reshaped(Shape(batch + ones + x.shape.dimensions.dropFirst()))
        }
        guard let first = aligned.first else { return [] }
        return [aligned.dropFirst().reduce(first) { merge($0, $1) }]
    }
}
