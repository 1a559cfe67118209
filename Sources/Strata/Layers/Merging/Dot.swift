internal import StrataGraph

/// The products of two inputs, summed over one axis of each.
///
/// ```swift
/// let similarity = Dot(axes: 1, normalize: true)([left, right])  // [?, 1]
/// let queries = Input(shape: [10, 32]), keys = Input(shape: [20, 32])
/// let attention = Dot(axes: (2, 2))([queries, keys])  // [?, 10, 20]
/// ```
///
/// ### Shapes
/// - Inputs: two of two or more axes, the batch first; output: the axes of the first and then of the
///   second, without those that were summed over and without the second's batch; `[batch, 1]` where
///   nothing else is left.
///
/// ### Errors
/// Reported when the model is built: axes of unequal length, the batch as an axis, more or fewer than
/// two inputs.
///
/// ### Source
/// Keras 3.15.1 `Dot`.
public final class Dot: Layer, SerializableLayer {
    /// One number for both inputs, or one for each; negative ones count from the end.
    public let axes: [Int]
    /// Whether samples are scaled to norm 1 along the axis first.
    public let normalize: Bool
    override class var keepsInputShape: Bool { true }
    override class var takesList: Bool { true }

    init(axes: [Int], normalize: Bool, name: String?) {
        self.axes = axes
        self.normalize = normalize
        super.init(name: name)
    }

    /// - Parameters:
    ///   - axes: which axis of both inputs; negative ones count from the end, the batch is axis 0.
    ///   - normalize: whether samples are scaled to norm 1 along the axis first, for the cosine
    ///     similarity.
    ///   - name: unique within a model.
    public convenience init(axes: Int, normalize: Bool = false, name: String? = nil) {
        self.init(axes: [axes], normalize: normalize, name: name)
    }

    /// - Parameters:
    ///   - axes: which axis of each input; negative ones count from the end, the batch is axis 0.
    ///   - normalize: whether samples are scaled to norm 1 along the axis first.
    ///   - name: unique within a model.
    public convenience init(axes: (Int, Int), normalize: Bool = false, name: String? = nil) {
        self.init(axes: [axes.0, axes.1], normalize: normalize, name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        let axes = try configuration.ints("axes")
        guard axes.count == 1 || axes.count == 2 else {
            throw configuration.failure("axes", "should be one number or two")
        }
        self.init(
            axes: axes, normalize: try configuration.bool("normalize", default: false),
            name: try configuration.layerName())
    }

    private func checkCount(_ count: Int) throws(GraphError.Problem) {
        guard count == 2 else {
            throw .invalidArgument(
                "\(count) inputs were given, but two are needed",
                fix: "call the layer with an array of two tensors")
        }
    }

    /// The axes of both shapes, counted from the front.
    private func normalizedAxes(_ a: Shape, _ b: Shape) throws(GraphError.Problem) -> (Int, Int) {
        guard let first = a.normalized(axis: axes[0]), first > 0,
            let second = b.normalized(axis: axes[axes.count - 1]), second > 0
        else {
            throw .invalidArgument(
                "axes \(axes) are not axes of \(a) and \(b) behind the batch",
                fix: "count from 1, or from −1 backwards")
        }
        return (first, second)
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        try checkCount(inputShapes.count)
        let (a, b) = (inputShapes[0], inputShapes[1])
        let (first, second) = try normalizedAxes(a, b)
        guard a[first] == b[second] else {
            throw .invalidArgument(
                "axis \(first) of \(a) and axis \(second) of \(b) are not equally long",
                fix: "choose axes of one length")
        }
        if let count = a[0], let other = b[0], count != other { throw .notBroadcastable(a, b) }
    }

    public override func call(_ inputs: [SymbolicTensor], _ context: CallContext)
        -> [SymbolicTensor]
    {
        do throws(GraphError.Problem) {
            try checkCount(inputs.count)
            let (a, b) = (inputs[0], inputs[1])
            let (first, second) = try normalizedAxes(a.shape, b.shape)
            let left = (1..<a.rank).filter { $0 != first }
            let right = (1..<b.rank).filter { $0 != second }
            let rest = left.map { a.shape[$0] } + right.map { b.shape[$0] }
            let shape = Shape([a.shape[0]] + (rest.isEmpty ? [1] : rest))
            guard let (x, y) = known(a, b) else { return [.placeholder(shape, a.dtype)] }
            let rows = unit(a, first).transposed([0] + left + [first]).reshaped(
                [x[0], left.map { x[$0] }.reduce(1, *), x[first]])
            let columns = unit(b, second).transposed([0, second] + right).reshaped(
                [y[0], y[second], right.map { y[$0] }.reduce(1, *)])
            return [rows.matrixProduct(columns).reshaped(shape)]
        } catch {
            return [SymbolicTensor(failure: GraphError(error))]
        }
    }

    private func known(_ a: SymbolicTensor, _ b: SymbolicTensor) -> ([Int], [Int])? {
        guard let x = a.shape.known, let y = b.shape.known else { return nil }
        return (x, y)
    }

    /// Samples of norm 1 along an axis; norms below Keras's ε of 1e-7 count as ε.
    private func unit(_ x: SymbolicTensor, _ axis: Int) -> SymbolicTensor {
        guard normalize else { return x }
        let length = x.square().sum(axes: [axis], keepDimensions: true).sqrt()
        return x / length.maximum(1e-7)
    }

    public override var config: [String: JSONValue] {
        [
            "axes": axes.count == 1 ? .integer(axes[0]) : .array(axes.map(JSONValue.integer)),
            "normalize": .bool(normalize),
        ]
    }
}
