/// Normalizes data to mean 0 and variance 1 by its own statistics.
///
/// Mean and variance are given, or computed by ``adapt(_:)``; until then they are 0 and 1.
///
/// ```swift
/// let normalize = Normalization()  // one mean and variance for each channel
/// try normalize.adapt(x)
/// ```
///
/// ### Shapes
/// - Input: any; output: the same.
/// - Weights, in saved order, where no mean is given: mean and variance, of the lengths of the kept
///   axes, and a count that is always 0.
///
/// ### Errors
/// Reported when the model is built: kept axes that the input does not have or whose length is not
/// known, a mean without a variance or of another length than the axis.
///
/// ### Source
/// Keras 3.15.1 `Normalization`, whose mean and variance may here be one number or a list.
public final class Normalization: Layer, SerializableLayer {
    /// The axes with a mean and a variance for each index; `nil` for a single one.
    public let axis: Axes?
    /// Given means: one, or one for each index of the last kept axis.
    public let mean: [Float]?
    /// Given variances, as many as means.
    public let variance: [Float]?
    /// Whether the layer inverts a normalization.
    public let invert: Bool
    /// Whether a single mean and variance were given as lists, which files keep.
    private var keepsLists = false
    override class var keepsInputShape: Bool { true }

    /// - Parameters:
    ///   - axis: the axes with a mean and a variance for each index; `nil` for none.
    ///   - mean: given means, instead of `adapt`.
    ///   - variance: given variances, as many as means.
    ///   - invert: whether to invert a normalization.
    ///   - name: unique within a model.
    public init(
        axis: (any IntegerList)? = -1, mean: [Double]? = nil, variance: [Double]? = nil,
        invert: Bool = false,
        name: String? = nil
    ) {
        self.axis = axis.map(Axes.init)
        self.mean = mean?.map { Float($0) }
        self.variance = variance?.map { Float($0) }
        self.invert = invert
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        // Keras writes no axes as an empty list.
        let isEmpty = configuration.value("axis") == .array([])
        self.init(
            axis: isEmpty ? nil : try configuration.axes("axis"),
            mean: configuration.value("mean") == nil ? nil : try configuration.doubles("mean"),
            variance: configuration.value("variance") == nil
                ? nil : try configuration.doubles("variance"),
            invert: try configuration.bool("invert", default: false),
            name: try configuration.layerName())
        if case .array? = configuration.value("mean") { keepsLists = true }
    }

    private func keptAxes(_ shape: Shape) throws(GraphError.Problem) -> [Int] {
        try axis?.normalized(in: shape).sorted() ?? []
    }

    public override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
        let shape = inputShapes[0]
        let kept = try keptAxes(shape)
        guard let lengths = Shape(kept.map { shape[$0] }).known else {
            throw .unknownDimension(shape, needed: "the kept axes")
        }
        guard mean?.count == variance?.count else {
            throw .invalidArgument(
                "mean and variance are not of one length", fix: "give both, or none")
        }
        if let mean {
            guard mean.count == 1 || mean.count == lengths.last else {
                throw .invalidArgument(
                    "\(mean.count) means are given for axes of \(lengths)",
                    fix: "give one number, or one for each position of the last kept axis")
            }
            return
        }
        addWeight("mean", shape: lengths, initializer: .zeros, isTrainable: false)
        addWeight("variance", shape: lengths, initializer: .ones, isTrainable: false)
        addWeight("count", shape: [], dtype: .int32, initializer: .zeros, isTrainable: false)
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        let x = x.cast(to: dtypePolicy.computeDType)
        let kept: [Int]
        do throws(GraphError.Problem) {
            kept = try keptAxes(x.shape)
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
        let lengths = (0..<x.rank).map { kept.contains($0) ? x.shape[$0] : 1 }
        let values = ["mean": mean, "variance": variance].mapValues { given in
            given.map { $0.count == 1 ? Tensor($0[0]) : Tensor($0) }
        }
        let operand = { (name: String) -> SymbolicTensor in
            if case .some(.some(let given)) = values[name] {
                // Values for the last kept axis, followed by axes of length 1.
                let rest = given.rank == 0 ? 0 : x.rank - 1 - (kept.last ?? 0)
                return .constant(given).reshaped(
                    Shape(given.shape + Array(repeating: 1, count: rest)))
            }
            return context.value(of: name, of: self).reshaped(Shape(lengths))
        }
        // Keras's ε, so that a constant channel does not divide by 0.
        let deviation = operand("variance").sqrt().maximum(1e-7)
        return invert
            ? operand("mean") + x * deviation : (x - operand("mean")) / deviation
    }

    /// Computes means and variances from samples `[count, …]`.
    ///
    /// - Parameter data: all samples; earlier statistics are replaced.
    /// - Throws: a ``GraphError`` if mean and variance are given, or the samples do not fit.
    public func adapt(_ data: Tensor) throws {
        do throws(GraphError.Problem) {
            guard mean == nil else {
                throw .invalidArgument(
                    "\(name) was given its mean and variance", fix: "make it without them to adapt")
            }
            let shape = Shape([nil] + data.shape.dropFirst().map { $0 })
            try buildIfNeeded([shape])
        } catch {
            throw GraphError(error)
        }
        let kept = try keptAxes(Shape(data.shape))
        let reduced = data.shape.indices.filter { !kept.contains($0) }
        let x = SymbolicTensor.input("data", Shape(data.shape), dtype: data.dtype).cast(
            to: .float32)
        let mean = x.mean(axes: reduced, keepDimensions: true)
        let variance = (x - mean).square().mean(axes: reduced)
        let learned = try evaluate([mean, variance], inputs: ["data": data])
        for (name, value) in zip(["mean", "variance"], learned) {
            guard let variable = variable(name), variable.shape.reduce(1, *) == value.count else {
                throw GraphError(.wrongRank(got: Shape(data.shape), expected: "other samples"))
            }
            try variable.assign(value.reshaped(variable.shape))
        }
    }

    public override var supportsMasking: Bool { true }

    public override var config: [String: JSONValue] {
        [
            "axis": .array((axis?.values ?? []).map(JSONValue.integer)),
            "invert": .bool(invert), "mean": json(mean), "variance": json(variance),
        ]
    }

    private func json(_ values: [Float]?) -> JSONValue {
        guard let values else { return .null }
        return values.count == 1 && !keepsLists
            ? .float(values[0]) : .array(values.map(JSONValue.float))
    }
}
