/// Grid sample: images sampled at a grid of positions, for rotation, translation, zoom and
/// deformation.
///
/// Inputs are images `[batch, height, width, channels]` and a grid with the row and column of each
/// output pixel, `[batch, newHeight, newWidth, 2]`, in units of pixels between their centres. Only
/// images have a gradient. Values are those of `map_coordinates` in SciPy and JAX with order 0 or
/// 1.
package struct GridSample: OperationDefinition {
    /// How pixels beyond the edges are filled.
    package enum Fill: String, Sendable, Hashable, CaseIterable, AttributeConvertible {
        /// A constant value.
        case constant
        /// The nearest pixel: `a a a | a b c | c c c`.
        case nearest
        /// The image, repeated: `a b c | a b c | a b c`.
        case wrap
        /// The image reflected at its edge, between pixels: `c b a | a b c | c b a`.
        case reflect
        /// The image reflected at its outermost pixels: `c b | a b c | b a`.
        case mirror
    }

    package var name: String { "gridSample" }
    package static let prototypes = [GridSample(isBilinear: true, fill: .constant)]
    package static let attributes: [Attribute<GridSample>] = [
        .optional("isBilinear", \.isBilinear), .optional("fillMode", \.fill),
        .optional("fillValue", \.fillValue),
    ]
    package var inputCounts: ClosedRange<Int> { 2...2 }
    /// Whether interpolation is bilinear; otherwise it is the nearest pixel.
    package var isBilinear: Bool
    package var fill: Fill
    package var fillValue: Float

    package init(isBilinear: Bool, fill: Fill, fillValue: Float = 0) {
        self.isBilinear = isBilinear
        self.fill = fill
        self.fillValue = fillValue
    }

    package func flops(_ shapes: CallShapes) -> Double {
        // Four weights, products and sums for each channel of a pixel; none for the nearest pixel.
        isBilinear ? 8 * shapes.resultCount : 0
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        4
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let (images, grid) = (inputs[0].shape, inputs[1].shape)
        try inputs[0].require(.float32, of: "images")
        try inputs[1].require(.float32, of: "positions")
        guard images.rank == 4 else {
            throw .wrongRank(got: images, expected: "[batch, height, width, channels]")
        }
        guard Shape([images[0], nil, nil, 2]).accepts(grid) else {
            throw .wrongRank(got: grid, expected: "[batch, newHeight, newWidth, 2]")
        }
        return [TensorType(Shape([images[0], grid[1], grid[2], images[3]]))]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        let backward = GridSampleBackward(gridSample: self, shape: call.inputs[0].shape)
        return [
            gradients[0].map { .apply(.gridSampleBackward(backward), $0, call.inputs[1]) }, nil,
        ]
    }
}

/// The gradient of ``GridSample`` with respect to the images, of shape `shape`.
///
/// Inputs are the gradient of the output, and the grid.
package struct GridSampleBackward: OperationDefinition {
    package var name: String { "gridSampleBackward" }
    package static let prototypes = [
        GridSampleBackward(gridSample: GridSample.prototypes[0], shape: [])
    ]
    package static let attributes: [Attribute<GridSampleBackward>] =
        GridSample.attributes.map { $0.of(\.gridSample) } + [
            .required("inputShape", \.shape, .possible)
        ]
    package var inputCounts: ClosedRange<Int> { 2...2 }
    package var gridSample: GridSample
    package var shape: Shape

    package func flops(_ shapes: CallShapes) -> Double {
        gridSample.isBilinear ? 8 * shapes.sourceCount : shapes.sourceCount
    }

    package func termCount(_ shapes: CallShapes) -> Int {
        shapes.inputs[0].dropLast().reduce(1, *)
    }

    package func outputTypes(_ inputs: [TensorType]) throws(GraphError.Problem) -> [TensorType] {
        let result = try gridSample.outputTypes([TensorType(shape), inputs[1]])[0]
        try inputs[0].require(result.shape)
        try inputs[0].require(.float32, of: "gradients")
        return [TensorType(shape)]
    }

    package func gradient(_ call: OperationCall, _ gradients: [SymbolicTensor?])
        -> [SymbolicTensor?]
    {
        // It is linear in the gradient, and the fill value has no part in it.
        var linear = gridSample
        linear.fillValue = 0
        return [gradients[0].map { .apply(.gridSample(linear), $0, call.inputs[1]) }, nil]
    }
}

extension SymbolicTensor {
    /// The images sampled at a grid of positions.
    ///
    /// - Parameter grid: the row and column of each output pixel.
    package func gridSampled(at grid: SymbolicTensor, _ gridSample: GridSample) -> SymbolicTensor {
        .apply(.gridSample(gridSample), cast(to: .float32), grid.cast(to: .float32))
    }
}
