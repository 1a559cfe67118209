/// Max or average pooling; padding is ignored.
///
/// Input: `[batch, spatial…, channels]`. Without a window, the whole image is one.
package struct Pooling: OperationDefinition {
    package enum Kind: String, Sendable, Hashable, CaseIterable, AttributeConvertible {
        case maximum
        case average
    }

    package var name: String { "pooling" }
    package static let prototypes = [Pooling(kind: .maximum, window: nil)]
    package static let attributes: [Attribute<Pooling>] =
        [
            .required("kind", \.kind), .optional("kernelSize", \.geometry.size),
        ] + Window.attributes.map { $0.of(\.geometry) }
    package var inputCounts: ClosedRange<Int> { 1...1 }
    package var kind: Kind
    package var window: Window?

    package init(kind: Kind, window: Window?) {
        self.kind = kind
        self.window = window
    }

    /// The window from attributes; `nil` without a size.
    private var geometry: Window {
        get { window ?? .prototype }
        set { window = newValue == .prototype ? nil : newValue }
    }

    package func flops(_ shapes: CallShapes) -> Double {
        shapes.resultCount * CallShapes.count(window(over: shapes.inputs[0]).size)
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let image = inputs[0].shape
        let rank = window?.rank ?? max(image.rank - 2, 1)
        guard image.rank == rank + 2, rank > 0 else {
            let axes = Array(repeating: "size", count: rank).joined(separator: ", ")
            throw .wrongRank(got: image, expected: "[batch, \(axes), channels]")
        }
        if image.dimensions.dropFirst().dropLast().contains(0) {
            throw .invalidArgument(
                "an image of \(image) has no pixels, so that there is no "
                    + (kind == .maximum ? "largest value" : "mean"),
                fix: "give images of 1 pixel or more along each axis")
        }
        let size =
            try window?.outputSize(image, isPool: true) ?? Array(repeating: 1, count: rank)
        return [TensorType(Shape([image[0]] + size + [image[-1]]), inputs[0].dtype)]
    }

    /// The window over an image of known size.
    package func window(over image: [Int]) -> Window {
        let size = Array(image.dropFirst().dropLast())
        return window ?? Window(size: size, strides: size, padding: .valid)
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = call.gradient(gradients[0]) else { return [nil] }
        let backward = PoolingBackward(pooling: self, shape: call.inputs[0].shape)
        let needed: [SymbolicTensor] =
            switch kind {
            case .maximum: [g, call.inputs[0], call.outputs[0]]
            case .average: [g]
            }
        return SymbolicTensor.applying(.poolingBackward(backward), needed)
    }
}

/// The gradient of a pooling with respect to its image.
///
/// Inputs: gradient of the output and, for the maximum, the pooling's input and output. Of equal
/// maxima the first in row-major order gets all of the gradient.
package struct PoolingBackward: OperationDefinition {
    package var name: String { "poolingBackward" }
    package static let prototypes = [PoolingBackward(pooling: Pooling.prototypes[0], shape: [])]
    package static let attributes: [Attribute<PoolingBackward>] =
        Pooling.attributes.map { $0.of(\.pooling) } + [
            .required("inputShape", \.shape, .possible)
        ]
    package var inputCounts: ClosedRange<Int> {
        pooling.kind == .maximum ? 3...3 : 1...1
    }
    package var role: OperationRole { .backward }
    package var pooling: Pooling
    /// The image's shape.
    package var shape: Shape

    package func flops(_ shapes: CallShapes) -> Double {
        switch pooling.kind {
        // Each gradient is added to one pixel.
        case .maximum: shapes.sourceCount
        case .average:
            shapes.sourceCount * CallShapes.count(pooling.window(over: shapes.outputs[0]).size)
        }
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[0].dropLast().reduce(1, *)
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let result = try pooling.outputTypes([TensorType(shape)])[0].shape
        try inputs[0].require(result)
        if pooling.kind == .maximum {
            try inputs[1].require(shape)
            try inputs[2].require(result)
        }
        return [TensorType(shape, inputs[0].dtype)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        guard let g = call.gradient(gradients[0]) else { return call.inputs.map { _ in nil } }
        switch pooling.kind {
        case .average:
            return [.apply(.pooling(pooling), g)]
        case .maximum:
            let error = GraphError(.noGradient("the gradient of max pooling"))
            return [SymbolicTensor(failure: error), nil, nil]
        }
    }
}

extension SymbolicTensor {
    /// Max pooling over `[batch, spatial…, channels]`.
    public func maxPooled(_ size: [Int], strides: [Int]? = nil, padding: Padding = .valid)
        -> SymbolicTensor
    {
        let window = Window(size: size, strides: strides ?? size, padding: padding)
        return pooled(Pooling(kind: .maximum, window: window))
    }

    /// Average pooling over `[batch, spatial…, channels]`, without padding in the mean.
    public func averagePooled(_ size: [Int], strides: [Int]? = nil, padding: Padding = .valid)
        -> SymbolicTensor
    {
        let window = Window(size: size, strides: strides ?? size, padding: padding)
        return pooled(Pooling(kind: .average, window: window))
    }

    /// The maximum or the average of each window; averages of integers are `float32`.
    package func pooled(_ pooling: Pooling) -> SymbolicTensor {
        .apply(.pooling(pooling), pooling.kind == .average ? inFloatingPoint : self)
    }
}
