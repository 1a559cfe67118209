internal import StrataGraph

extension Ops {
    // MARK: Windows over images

    /// A convolution of `[batch, spatial…, channels]`, or of the channels first.
    ///
    /// - Parameters:
    ///   - kernel: `[spatial…, channels, filters]`; if it has fewer channels than the image, these
    ///     are groups.
    ///   - padding: `.valid`, `.same` or `.full`.
    public static func conv<each Strides: IntegerList, each DilationRate: IntegerList>(
        _ x: SymbolicTensor, _ kernel: SymbolicTensor, strides: (repeat each Strides) = (),
        padding: Padding = .valid, dataFormat: DataFormat = .channelsLast,
        dilationRate: (repeat each DilationRate) = ()
    ) -> SymbolicTensor {
        let strides = SpatialSize(joining: repeat each strides, or: 1)
        let dilationRate = SpatialSize(joining: repeat each dilationRate, or: 1)
        return attempt(x, kernel) { () throws(GraphError.Problem) in
            let geometry = try geometry(kernel, strides, padding, dataFormat, dilationRate)
            let rank = kernel.rank - 2
            let window = try geometry.window(rank, paddings: [.valid, .same, .full])
            let channels = try geometry.channels(x.shape, rank: rank)
            guard let width = kernel.shape[rank], width > 0, channels % width == 0 else {
                throw .wrongWidth(got: x.shape, expected: kernel.shape[rank] ?? 0)
            }
            return x.withChannelsLast(dataFormat) { image in
                image.convolved(
                    with: kernel, strides: window.strides, padding: window.padding,
                    dilations: window.dilations, groups: channels / width)
            }
        }
    }

    /// A depthwise convolution.
    ///
    /// - Parameter kernel: `[spatial…, channels, multiplier]`.
    public static func depthwiseConv<each Strides: IntegerList, each DilationRate: IntegerList>(
        _ x: SymbolicTensor, _ kernel: SymbolicTensor, strides: (repeat each Strides) = (),
        padding: Padding = .valid, dataFormat: DataFormat = .channelsLast,
        dilationRate: (repeat each DilationRate) = ()
    ) -> SymbolicTensor {
        let strides = SpatialSize(joining: repeat each strides, or: 1)
        let dilationRate = SpatialSize(joining: repeat each dilationRate, or: 1)
        return attempt(x, kernel) { () throws(GraphError.Problem) in
            let geometry = try geometry(kernel, strides, padding, dataFormat, dilationRate)
            _ = try geometry.channels(x.shape, rank: kernel.rank - 2)
            return x.withChannelsLast(dataFormat) { image in
                image.convolvedByChannel(with: kernel, bias: nil, geometry)
            }
        }
    }

    /// ``depthwiseConv(_:_:strides:padding:dataFormat:dilationRate:)``, then a convolution of single pixels.
    public static func separableConv<each Strides: IntegerList, each DilationRate: IntegerList>(
        _ x: SymbolicTensor, _ depthwiseKernel: SymbolicTensor,
        _ pointwiseKernel: SymbolicTensor, strides: (repeat each Strides) = (),
        padding: Padding = .valid,
        dataFormat: DataFormat = .channelsLast, dilationRate: (repeat each DilationRate) = ()
    ) -> SymbolicTensor {
        let strides = SpatialSize(joining: repeat each strides, or: 1)
        let dilationRate = SpatialSize(joining: repeat each dilationRate, or: 1)
        let channels = depthwiseConv(
            x, depthwiseKernel, strides: strides, padding: padding, dataFormat: dataFormat,
            dilationRate: dilationRate)
        return conv(channels, pointwiseKernel, dataFormat: dataFormat)
    }

    /// Max pooling over images: the maximum of each window.
    public static func maxPool<each PoolSize: IntegerList, each Strides: IntegerList>(
        _ x: SymbolicTensor, _ poolSize: (repeat each PoolSize),
        strides: (repeat each Strides) = (),
        padding: Padding = .valid, dataFormat: DataFormat = .channelsLast
    ) -> SymbolicTensor {
        let poolSize = SpatialSize(joining: repeat each poolSize)
        let strides = SpatialSize.joined(repeat each strides)
        return pooled(x, .maximum, poolSize, strides, padding, dataFormat)
    }

    /// Average pooling over images, without padding in the mean.
    public static func averagePool<each PoolSize: IntegerList, each Strides: IntegerList>(
        _ x: SymbolicTensor, _ poolSize: (repeat each PoolSize),
        strides: (repeat each Strides) = (),
        padding: Padding = .valid, dataFormat: DataFormat = .channelsLast
    ) -> SymbolicTensor {
        let poolSize = SpatialSize(joining: repeat each poolSize)
        let strides = SpatialSize.joined(repeat each strides)
        return pooled(x, .average, poolSize, strides, padding, dataFormat)
    }

    private static func pooled(
        _ x: SymbolicTensor, _ kind: Pooling.Kind, _ poolSize: SpatialSize,
        _ strides: SpatialSize?, _ padding: Padding, _ dataFormat: DataFormat
    ) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            guard x.rank > 2 else {
                throw .wrongRank(got: x.shape, expected: "[batch, spatial…, channels]")
            }
            return x.pooled(
                kind, rank: x.rank - 2, poolSize, strides: strides, padding: padding, dataFormat)
        }
    }

    private static func geometry(
        _ kernel: SymbolicTensor, _ strides: SpatialSize, _ padding: Padding,
        _ dataFormat: DataFormat, _ dilationRate: SpatialSize
    ) throws(GraphError.Problem) -> ConvolutionGeometry {
        guard let shape = kernel.shape.known, shape.count > 2 else {
            throw .wrongRank(got: kernel.shape, expected: "[spatial…, channels, filters]")
        }
        return ConvolutionGeometry(
            kernelSize: SpatialSize(Array(shape.dropLast(2))), strides: strides,
            padding: padding, dataFormat: dataFormat, dilationRate: dilationRate)
    }

    // MARK: Normalizations

    /// Each row divided by its norm of an order.
    ///
    /// - Parameter epsilon: the minimum norm; 1e-7 if left out.
    public static func normalize<each Axis: IntegerList>(
        _ x: SymbolicTensor, axis: (repeat each Axis) = (), order: Int = 2, epsilon: Float? = nil
    ) -> SymbolicTensor {
        let axis = Axes(joining: repeat each axis, or: -1)
        let least = epsilon ?? 1e-7
        if order == 2 { return x.normalized(axes: axis.values, epsilon: least) }
        return attempt(x) { () throws(GraphError.Problem) in
            guard order >= 1, axis.values.count == 1 else {
                throw .invalidArgument(
                    "a norm of order \(order) over axes \(axis.values)",
                    fix: "use an order of 1 or more and one axis, or order 2")
            }
            let size = x.absolute()
            let powers = order == 1 ? size : size.power(.constant(Float(order)))
            let sum = powers.sum(axes: axis.values, keepDimensions: true)
            let norm = order == 1 ? sum : sum.power(.constant(1 / Float(order)))
            return x / norm.maximum(least)
        }
    }

    /// (x − mean) / √(variance + epsilon) · scale + offset, with one value of each for an index of
    /// `axis`.
    public static func batchNormalization(
        _ x: SymbolicTensor, _ mean: SymbolicTensor, _ variance: SymbolicTensor, axis: Int,
        offset: SymbolicTensor? = nil, scale: SymbolicTensor? = nil, epsilon: Float = 0.001
    ) -> SymbolicTensor {
        attempt(x) { () throws(GraphError.Problem) in
            let axes = try Axes([axis]).normalized(in: x.shape)
            let deviation = (variance.spread(over: axes, of: x) + epsilon).sqrt()
            let factor = scale.map { $0.spread(over: axes, of: x) / deviation }
            let normed = (x - mean.spread(over: axes, of: x)) * (factor ?? deviation.reciprocal())
            return offset.map { normed + $0.spread(over: axes, of: x) } ?? normed
        }
    }

    /// Layer normalization over axes, with `gamma` and `beta`; computed in float32.
    public static func layerNormalization<each Axis: IntegerList>(
        _ x: SymbolicTensor, gamma: SymbolicTensor? = nil, beta: SymbolicTensor? = nil,
        axis: (repeat each Axis) = (), epsilon: Float? = nil
    ) -> SymbolicTensor {
        let axis = Axes(joining: repeat each axis, or: -1)
        return attempt(x) { () throws(GraphError.Problem) in
            let axes = try axis.normalized(in: x.shape).sorted()
            let full = x.cast(to: .float32)
            let centred = full - full.mean(axes: axes, keepDimensions: true)
            var result = rmsNormalization(centred, axis: Axes(axes), epsilon: epsilon)
            if let gamma { result = result * gamma.spread(over: axes, of: full) }
            if let beta { result = result + beta.spread(over: axes, of: full) }
            return result.cast(to: x.dtype)
        }
    }

    /// RMS normalization over axes, times `scale`; computed in float32.
    public static func rmsNormalization<each Axis: IntegerList>(
        _ x: SymbolicTensor, scale: SymbolicTensor? = nil, axis: (repeat each Axis) = (),
        epsilon: Float? = nil
    ) -> SymbolicTensor {
        let axis = Axes(joining: repeat each axis, or: -1)
        return attempt(x) { () throws(GraphError.Problem) in
            let full = x.cast(to: .float32)
            let axes = try axis.normalized(in: x.shape)
            let square = full.square().mean(axes: axes, keepDimensions: true)
            let result = full * (square + (epsilon ?? 1e-7)).sqrt().reciprocal()
            return (scale.map { result * $0.cast(to: .float32) } ?? result).cast(to: x.dtype)
        }
    }

    // MARK: Losses

    /// −t · log(p) − (1 − t) · log(1 − p) for targets t, element by element.
    public static func binaryCrossentropy(
        _ target: SymbolicTensor, _ output: SymbolicTensor, fromLogits: Bool = false
    ) -> SymbolicTensor { target.binaryCrossentropy(output, fromLogits: fromLogits) }

    /// −Σ target · log(output) over the classes.
    public static func categoricalCrossentropy(
        _ target: SymbolicTensor, _ output: SymbolicTensor, fromLogits: Bool = false,
        axis: Int = -1
    ) -> SymbolicTensor {
        CategoricalCrossentropy(fromLogits: fromLogits, axis: axis)
            .values(targets: target, predictions: output)
    }

    /// −log(output of the target class); targets are class indices.
    public static func sparseCategoricalCrossentropy(
        _ target: SymbolicTensor, _ output: SymbolicTensor, fromLogits: Bool = false,
        axis: Int = -1
    ) -> SymbolicTensor {
        SparseCategoricalCrossentropy(fromLogits: fromLogits, axis: axis)
            .values(targets: target, predictions: output)
    }

    /// 1 if the class of `targets` is among the `k` largest of `[batch, classes]`, otherwise 0.
    public static func inTopK(
        _ targets: SymbolicTensor, _ predictions: SymbolicTensor, _ k: Int
    ) -> SymbolicTensor { predictions.inTopK(k, classes: targets) }
}

extension SymbolicTensor {
    /// A tensor for some axes, with axes of length 1 for the others.
    fileprivate func spread(over axes: [Int], of x: SymbolicTensor) -> SymbolicTensor {
        cast(to: x.dtype).reshaped(x.shape.keeping(axes))
    }
}
