/// A convolution (cross-correlation, as in all of deep learning) over one to three spatial axes.
///
/// Inputs: image `[batch, spatial…, channels]`, kernel `[spatial…, channels / groups, filters]` and,
/// if there is one, bias `[filters]`.
package struct Convolution: OperationDefinition {
    package static let name = "convolution"
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
        guard let width = kernel[-2], let filters = kernel[-1] else {
            throw .unknownDimension(kernel, needed: "the channels")
        }
        if let channels = image[-1], channels != width * groups {
            throw .wrongWidth(got: image, expected: width * groups)
        }
        guard filters % groups == 0 else {
            throw .notDivisible(what: "filters", count: filters, by: "groups", divisor: groups)
        }
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
    package static let name = "convolutionBackwardData"
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
        [TensorType(shape, inputs[0].dtype)]
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
    package static let name = "convolutionBackwardWeights"
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
            .convolution(convolution), [self, kernel] + (bias.map { [$0] } ?? []))[0]
    }
}
