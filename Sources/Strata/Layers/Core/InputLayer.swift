internal import StrataGraph

/// An input of a model; made by ``Input(shape:batchSize:dtype:name:)``.
///
/// Keras 3.15.1 `InputLayer`.
public final class InputLayer: Layer, SerializableLayer {
    /// The shape with the batch's dimension.
    public let batchShape: Shape
    public let dtype: DType

    public init(batchShape: Shape, dtype: DType = .float32, name: String? = nil) {
        self.batchShape = batchShape
        self.dtype = dtype
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        // Keras 2's name is `batch_input_shape`.
        let key =
            ["batch_shape", "batch_input_shape"].first { configuration.value($0) != nil }
            ?? "shape"
        var dimensions: [Int?] = []
        for item in try configuration.array(key) {
            guard item == .null || item.integer.map({ $0 > 0 }) == true else {
                throw configuration.failure(key, "should hold positive integers or null")
            }
            dimensions.append(item.integer)
        }
        // More than any machine has, and few enough that layers' shape computations do not
        // overflow.
        let size = dimensions.reduce(1.0) { $0 * Double($1 ?? 1) }
        if size > 0x1p40 { throw configuration.failure(key, "is too large") }
        let dtypeName = try configuration.string("dtype", default: "float32")
        guard let dtype = DType(rawValue: dtypeName) else {
            throw configuration.failure(
                "dtype",
                "\(dtypeName) inputs are not supported; make the model with an input of "
                    + (dtypeName.contains("int") ? "int32" : "float32"))
        }
        self.init(
            batchShape: Shape(key == "shape" ? [nil] + dimensions : dimensions), dtype: dtype,
            name: try configuration.layerName())
    }

    /// The input as a symbolic tensor.
    ///
    /// It carries an error if a dimension is below 1, or a sample is larger than the machine's
    /// memory.
    var entry: SymbolicTensor {
        if let problem = problem {
            var error = GraphError(problem)
            error.layer = name
            return SymbolicTensor(failure: error)
        }
        if let problem = unreadableProblem { return SymbolicTensor(failure: GraphError(problem)) }
        let call =
            lastCall
            ?? LayerCall(
                layer: self, inputs: [], index: 0, [.input(name, batchShape, dtype: dtype)])
        lastCall = call
        return call.outputs[0]
    }

    private var problem: GraphError.Problem? {
        guard batchShape.dimensions.allSatisfy({ $0 ?? 1 > 0 }) else {
            return .invalidArgument(
                "the shape \(batchShape) has a dimension below 1, so that no sample has values",
                fix: "use lengths of 1 or more, and nil where any length will do")
        }
        return HostMemory.problem("one sample", TensorType(batchShape, dtype))
    }

    override var commonConfig: [String: JSONValue] { [:] }

    public override var config: [String: JSONValue] {
        [
            "batch_shape": .array(
                batchShape.dimensions.map { $0.map(JSONValue.integer) ?? .null }),
            "dtype": .string(dtype.rawValue), "sparse": false, "ragged": false,
            "optional": false,
        ]
    }
}

/// An input of a model.
///
/// ```swift
/// let grey = Input(shape: [28, 28, 1])
/// let colour = Input(shape: [nil, nil, 3])  // images of any size
/// ```
///
/// - Parameters:
///   - shape: the shape of one sample; a dimension of any length is `nil`.
///   - batchSize: the number of samples in a batch; any number if left out.
///   - dtype: the type of the data; other types are converted to it.
///   - name: unique within a model.
/// - Returns: a tensor of shape `[batchSize] + shape`.
///
/// Keras 3.15.1 `Input`.
// A function in place of a type, as in Keras.
// swift-format-ignore: AlwaysUseLowerCamelCase
public func Input(
    shape: Shape, batchSize: Int? = nil, dtype: DType = .float32, name: String? = nil
) -> SymbolicTensor {
    InputLayer(batchShape: Shape([batchSize] + shape.dimensions), dtype: dtype, name: name).output
}

/// The same for the shape of an array, as `x[0].shape`, or for vectors of some length.
///
/// - Parameter shape: `Int`, `[Int]`, or `[Int?]`.
// swift-format-ignore: AlwaysUseLowerCamelCase
@_disfavoredOverload
public func Input(
    shape: some ShapeConvertible, batchSize: Int? = nil, dtype: DType = .float32,
    name: String? = nil
) -> SymbolicTensor {
    Input(shape: shape.asShape, batchSize: batchSize, dtype: dtype, name: name)
}

/// The same with the dimensions in a tuple.
// swift-format-ignore: AlwaysUseLowerCamelCase
public func Input(
    shape: (Int?, Int?), batchSize: Int? = nil, dtype: DType = .float32, name: String? = nil
) -> SymbolicTensor {
    Input(shape: [shape.0, shape.1] as Shape, batchSize: batchSize, dtype: dtype, name: name)
}

/// The same with the dimensions in a tuple.
// swift-format-ignore: AlwaysUseLowerCamelCase
public func Input(
    shape: (Int?, Int?, Int?), batchSize: Int? = nil, dtype: DType = .float32,
    name: String? = nil
) -> SymbolicTensor {
    Input(
        shape: [shape.0, shape.1, shape.2] as Shape, batchSize: batchSize, dtype: dtype,
        name: name)
}

/// The same with the dimensions in a tuple.
// swift-format-ignore: AlwaysUseLowerCamelCase
public func Input(
    shape: (Int?, Int?, Int?, Int?), batchSize: Int? = nil, dtype: DType = .float32,
    name: String? = nil
) -> SymbolicTensor {
    Input(
        shape: [shape.0, shape.1, shape.2, shape.3] as Shape, batchSize: batchSize, dtype: dtype,
        name: name)
}
