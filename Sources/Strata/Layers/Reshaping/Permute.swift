/// Permutes the axes of each sample.
///
/// ```swift
/// let y = Permute([3, 1, 2])(Input(shape: [3, 4, 5]))  // [?, 5, 3, 4]
/// ```
///
/// ### Shapes
/// - Input: `[batch, …]` with as many axes more as `dims` has; output: axis i is axis `dims[i − 1]`
///   of the input.
///
/// ### Errors
/// Reported when the model is built: `dims` that are not the integers from 1 on, an input of
/// another rank.
///
/// ### Source
/// Keras 3.15.1 `Permute`.
public final class Permute: Layer, SerializableLayer {
    /// The axes of the input, from 1 on, in their new order.
    public let dims: [Int]
    override class var keepsInputShape: Bool { true }

    /// - Parameters:
    ///   - dims: the axes of the input, from 1 on, in their new order; the batch stays first.
    ///   - name: unique within a model.
    public init<each Axis: IntegerList>(_ dims: (repeat each Axis), name: String? = nil) {
        self.dims = [Int].joined(repeat each dims) ?? []
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(try configuration.ints("dims"), name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard dims.sorted() == Array(1..<dims.count + 1) else {
            return SymbolicTensor(
                failure: GraphError(
                    .invalidArgument(
                        "dims \(dims) are not the axes from 1 on in some order",
                        fix: "name each axis but the batch once, the first as 1")))
        }
        return x.transposed([0] + dims)
    }

    public override var config: [String: JSONValue] {
        ["dims": .array(dims.map(JSONValue.integer))]
    }
}
