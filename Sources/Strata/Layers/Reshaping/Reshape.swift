/// Reshapes each sample.
///
/// ```swift
/// let y = Reshape([4, 4, -1])(Input(shape: [128]))  // [?, 4, 4, 8]
/// ```
///
/// ### Shapes
/// - Input: `[batch, …]`; output: `[batch] + targetShape`, where one dimension may be -1.
///
/// ### Errors
/// Reported when the model is built: another number of elements
/// (``GraphError/Problem/cannotReshape(from:to:)``).
///
/// ### Source
/// Keras 3.15.1 `Reshape`.
public final class Reshape: Layer, SerializableLayer {
    public let targetShape: [Int]

    /// - Parameters:
    ///   - targetShape: the new shape of a sample; one dimension may be -1 and is inferred.
    ///   - name: unique within a model.
    public init<each Dimension: IntegerList>(
        _ targetShape: (repeat each Dimension), name: String? = nil
    ) {
        self.targetShape = [Int].joined(repeat each targetShape) ?? []
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            try configuration.ints("target_shape"), name: try configuration.layerName())
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let source = inputShapes[0]
        let row = Shape(Array(source.dimensions.dropFirst())).elementCount
        let free = targetShape.filter { $0 == -1 }.count
        let rest = Shape(targetShape.filter { $0 != -1 }).elementCount
        let fits =
            if let row, let rest {
                free == 0 ? row == rest : rest > 0 && row % rest == 0
            } else {
                rest != nil
            }
        guard source.rank > 0, free <= 1, targetShape.allSatisfy({ $0 >= -1 }), fits else {
            throw .cannotReshape(
                from: Shape(Array(source.dimensions.dropFirst())), to: Shape(targetShape))
        }
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        var target: [Int?] = targetShape
        if let free = targetShape.firstIndex(of: -1) {
            let rest = Shape(targetShape.filter { $0 != -1 }).elementCount ?? 0
            let row = Shape(Array(x.shape.dimensions.dropFirst())).elementCount
            target[free] = rest > 0 ? row.map { $0 / rest } : nil
        }
        return x.reshaped(Shape([x.shape[0] ?? -1] + target))
    }

    public override var config: [String: JSONValue] {
        ["target_shape": .array(targetShape.map(JSONValue.integer))]
    }
}
