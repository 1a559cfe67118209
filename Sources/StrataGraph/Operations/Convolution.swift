/// A convolution (cross-correlation, as in all of deep learning) over one to three spatial axes.
///
/// Inputs: image `[batch, spatial…, channels]`, kernel `[spatial…, channels / groups, filters]` and,
/// if there is one, bias `[filters]`.
package struct Convolution: OperationDefinition {
    package var name: String { "convolution" }
    package static let prototypes = [Convolution(window: .prototype)]
    package static let attributes: [Attribute<Convolution>] =
        [.required("kernelSize", \.window.size)] + Window.attributes.map { $0.of(\.window) } + [
            .optional("groups", \.groups, .atLeast(1))
        ]
    package var inputCounts: ClosedRange<Int> { 2...3 }
    package var window: Window
    package var groups: Int

    package init(window: Window, groups: Int = 1) {
        self.window = window
        self.groups = groups
    }

    package func flops(_ shapes: CallShapes) -> Double {
        2 * shapes.resultCount * CallShapes.count(shapes.inputs[1].dropLast())
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[1].dropLast().reduce(1, *)
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let (image, kernel) = (inputs[0].shape, inputs[1].shape)
        guard image.rank == window.rank + 2 else {
            let axes = Array(repeating: "size", count: window.rank).joined(separator: ", ")
            throw .wrongRank(got: image, expected: "[batch, \(axes), channels]")
        }
        guard kernel.rank == image.rank, Shape(window.size).accepts(kernel.spatial) else {
            let axes = window.size.map(String.init).joined(separator: ", ")
            throw .wrongRank(got: kernel, expected: "[\(axes), channels, filters]")
        }
        guard let width = kernel[-2], let filters = kernel[-1] else {
            throw .unknownDimension(kernel, needed: "the channels")
        }
        let (channels, overflows) = width.multipliedReportingOverflow(by: groups)
        if let own = image[-1], own != channels || overflows {
            throw .wrongWidth(got: image, expected: overflows ? .max : channels)
        }
        guard filters % groups == 0 else {
            throw .notDivisible(what: "filters", count: filters, by: "groups", divisor: groups)
        }
        for bias in inputs.dropFirst(2) { try bias.require([filters]) }
        let size = try window.outputSize(image, isPool: false)
        return [TensorType(Shape([image[0]] + size + [filters]), inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = call.gradient(gradients[0]) else { return call.inputs.map { _ in nil } }
        let data = ConvolutionBackwardData(convolution: self, shape: call.inputs[0].shape)
        let weights = ConvolutionBackwardWeights(
            convolution: self, kernelShape: call.inputs[1].shape,
            hasBias: call.inputs.count == 3)
        return [.apply(.convolutionBackwardData(data), g, call.inputs[1])]
            + SymbolicTensor.applying(.convolutionBackwardWeights(weights), [call.inputs[0], g])
    }
}

/// The gradient of a convolution with respect to its image; also the transposed convolution.
///
/// Inputs: gradient of the output, kernel.
package struct ConvolutionBackwardData: OperationDefinition {
    package var name: String { "convolutionBackwardData" }
    package static let prototypes = [
        ConvolutionBackwardData(convolution: Convolution.prototypes[0], shape: [])
    ]
    package static let attributes: [Attribute<ConvolutionBackwardData>] =
        Convolution.attributes.map { $0.of(\.convolution) } + [
            .required("inputShape", \.shape, .possible)
        ]
    package var inputCounts: ClosedRange<Int> { 2...2 }
    package var role: OperationRole { .backward }
    package var convolution: Convolution
    /// The image's shape.
    package var shape: Shape

    package init(convolution: Convolution, shape: Shape) {
        self.convolution = convolution
        self.shape = shape
    }

    package func flops(_ shapes: CallShapes) -> Double {
        2 * shapes.sourceCount * CallShapes.count(shapes.inputs[1].dropLast())
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.termsOfDataGradient
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let result = try convolution.outputTypes([TensorType(shape), inputs[1]])[0]
        try inputs[0].require(result.shape)
        return [TensorType(shape, inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = call.gradient(gradients[0]) else { return [nil, nil] }
        let weights = ConvolutionBackwardWeights(
            convolution: convolution, kernelShape: call.inputs[1].shape, hasBias: false)
        return [
            .apply(.convolution(convolution), g, call.inputs[1]),
            .apply(.convolutionBackwardWeights(weights), g, call.inputs[0]),
        ]
    }
}

/// The gradient of a convolution with respect to its kernel and, if it has one, its bias.
///
/// Inputs: image, gradient of the output.
package struct ConvolutionBackwardWeights: OperationDefinition {
    package var name: String { "convolutionBackwardWeights" }
    package static let prototypes = [
        ConvolutionBackwardWeights(
            convolution: Convolution.prototypes[0], kernelShape: [], hasBias: false)
    ]
    package static let attributes: [Attribute<ConvolutionBackwardWeights>] =
        Convolution.attributes.map { $0.of(\.convolution) } + [
            .required("kernelShape", \.kernelShape, .possible),
            .optional("hasBias", \.hasBias),
        ]
    package var inputCounts: ClosedRange<Int> { 2...2 }
    package var role: OperationRole { .weightsGradient }
    package var convolution: Convolution
    package var kernelShape: Shape
    package var hasBias: Bool

    package var outputCount: Int { hasBias ? 2 : 1 }

    package func flops(_ shapes: CallShapes) -> Double {
        2 * CallShapes.count(shapes.inputs[1]) * CallShapes.count(shapes.outputs[0].dropLast())
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[1].dropLast().reduce(1, *)
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let result = try convolution.outputTypes([inputs[0], TensorType(kernelShape)])[0]
        try inputs[1].require(result.shape)
        // Sums of many bfloat16 products are float32, the type of their variable.
        let kernel = TensorType(kernelShape)
        return hasBias ? [kernel, TensorType([kernelShape[-1]])] : [kernel]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        let dy = call.inputs[1]
        let data = ConvolutionBackwardData(convolution: convolution, shape: call.inputs[0].shape)
        let gradients = gradients.map { $0?.cast(to: dy.dtype) }
        let toImage = gradients[0].map {
            SymbolicTensor.apply(.convolutionBackwardData(data), dy, $0)
        }
        let throughKernel = gradients[0].map {
            SymbolicTensor.apply(.convolution(convolution), call.inputs[0], $0)
        }
        let throughBias = hasBias ? gradients[1]?.broadcast(to: dy.shape) : nil
        return [toImage, SymbolicTensor.sum(throughKernel, throughBias)]
    }
}

extension Shape {
    /// The dimensions of a kernel's window.
    fileprivate var spatial: Shape { Shape(Array(dimensions.dropLast(2))) }
}

extension SymbolicTensor {
    /// The sum of gradients if both exist, or the one that does.
    package static func sum(_ a: SymbolicTensor?, _ b: SymbolicTensor?) -> SymbolicTensor? {
        if let a, let b { return a + b }
        return a ?? b
    }

    /// A convolution of `[batch, spatial…, channels]` with
    /// `[spatial…, channels / groups, filters]`.
    ///
    /// - Parameters:
    ///   - kernel: the weights.
    ///   - bias: `[filters]`, added to the result.
    ///   - strides: of the window, one for each spatial axis; 1 if left out.
    ///   - padding: the padding rule.
    ///   - dilations: the distance of the window's elements, one for each spatial axis; 1 if left
    ///     out.
    ///   - groups: the number of groups of channels and filters.
    public func convolved(
        with kernel: SymbolicTensor, bias: SymbolicTensor? = nil, strides: [Int]? = nil,
        padding: Padding = .valid, dilations: [Int]? = nil, groups: Int = 1
    ) -> SymbolicTensor {
        if let error = error ?? kernel.error { return SymbolicTensor(failure: error) }
        guard kernel.rank >= 3, let size = Shape(Array(kernel.shape.dimensions.dropLast(2))).known
        else {
            return SymbolicTensor(
                failure: GraphError(
                    .wrongRank(got: kernel.shape, expected: "[spatial…, channels, filters]")))
        }
        let ones = size.map { _ in 1 }
        let window = Window(
            size: size, strides: strides ?? ones, dilations: dilations ?? ones, padding: padding)
        let convolution = Convolution(window: window, groups: groups)
        return SymbolicTensor.applying(
            .convolution(convolution),
            [promoted(for: kernel), kernel] + (bias.map { [$0] } ?? []))[0]
    }
}
