import Testing

@testable import Strata

/// Sizes that no machine has the memory for are errors when a model is built.
@Suite struct `Sizes beyond any memory` {
    struct Case: Sendable, CustomTestStringConvertible {
        let input: Shape
        let layer: @Sendable () -> Layer
        let testDescription: String

        init(_ name: String, _ input: Shape, _ layer: @escaping @Sendable () -> Layer) {
            (testDescription, self.input, self.layer) = (name, input, layer)
        }
    }

    /// Layers called `big`, of sizes in a single argument.
    private static let cases = [
        Case("filters", [8, 8, 1]) { Conv2D(1 << 40, kernelSize: 3, name: "big") },
        Case("all filters", [8, 8, 1]) { Conv2D(.max, kernelSize: 3, name: "big") },
        Case("transposed filters", [8, 8, 1]) { Conv2DTranspose(1 << 40, 3, name: "big") },
        Case("separable filters", [8, 8, 1]) { SeparableConv2D(1 << 40, 3, name: "big") },
        Case("filters in one axis", [8, 1]) { Conv1D(1 << 62, 3, name: "big") },
        Case("filters in three axes", [8, 8, 8, 1]) { Conv3D(1 << 50, 3, name: "big") },
        Case("units", [8]) { Dense(1 << 40, name: "big") },
        Case("many units", [8]) { Dense(1 << 62, name: "big") },
        Case("all units", [8]) { Dense(.max, name: "big") },
        Case("depth multiplier", [8, 8, 4]) {
            DepthwiseConv2D(3, depthMultiplier: 1 << 62, name: "big")
        },
        Case("small depth multiplier", [8, 8, 4]) {
            DepthwiseConv2D(3, depthMultiplier: 1 << 40, name: "big")
        },
        Case("transposed kernel", [8, 8, 1]) { Conv2DTranspose(8, 1 << 24, name: "big") },
        Case("full kernel", [8, 8, 1]) { Conv2D(8, 1 << 22, padding: .full, name: "big") },
        Case("same kernel", [8, 8, 1]) { Conv2D(8, 1 << 24, padding: .same, name: "big") },
        Case("padding", [8, 8, 1]) { ZeroPadding2D(1 << 23, name: "big") },
        Case("upsampling", [8, 8, 1]) { UpSampling2D(1 << 20, name: "big") },
        Case("repetitions", [8]) { RepeatVector(1 << 40, name: "big") },
        Case("many repetitions", [8]) { RepeatVector(1 << 62, name: "big") },
        Case("rows of an embedding", [8]) {
            Embedding(inputDim: 1 << 40, outputDim: 8, name: "big")
        },
        Case("overflowing embedding", [8]) {
            Embedding(inputDim: 1 << 40, outputDim: 1 << 40, name: "big")
        },
        Case("resizing", [8, 8, 1]) { Resizing(height: 1 << 23, width: 1 << 23, name: "big") },
    ]

    @Test(arguments: cases)
    func `the error names the layer, the memory that is needed, and the cure`(item: Case) {
        let input = Input(shape: item.input)
        let error = #expect(throws: GraphError.self) { try Model(input, item.layer()(input)) }
        let lines = error?.description.split(separator: "\n").map(String.init) ?? []
        #expect(lines.first?.hasPrefix("big ") == true, "\(lines)")
        #expect(lines.first?.contains("iB of memory") == true, "\(lines)")
        #expect(lines.last?.hasPrefix("  fix: use smaller") == true, "\(lines)")
    }

    /// Sizes beyond what an argument may be at all.
    private static let refused = [
        Case("kernel", [8, 8, 1]) { Conv2D(8, 1 << 40, padding: .same, name: "big") },
        Case("strides", [8, 8, 1]) { Conv2D(8, 3, strides: Int.max, name: "big") },
        Case("dilation", [8, 8, 1]) { Conv2D(8, 3, dilationRate: Int.max, name: "big") },
        Case("pool", [8, 8, 1]) { MaxPooling2D(Int.max, padding: .same, name: "big") },
        Case("padding", [8, 8, 1]) { ZeroPadding2D(Int.max, name: "big") },
        Case("cropping", [8, 8, 1]) { Cropping2D(Int.max, name: "big") },
        Case("upsampling", [8, 8, 1]) { UpSampling2D(Int.max, name: "big") },
        Case("target shape", [8]) { Reshape([Int.max, .max], name: "big") },
        Case("target shape with a free axis", [8]) { Reshape([1 << 62, 4, -1], name: "big") },
        Case("resizing", [8, 8, 1]) { Resizing(height: .max, width: .max, name: "big") },
        Case("crop", [8, 8, 1]) { CenterCrop(height: .max, width: .max, name: "big") },
        Case("output size", [8, 8, 1]) { AdaptiveMaxPooling2D(Int.max, name: "big") },
        Case("groups", [8, 8, 1]) { Conv2D(8, 3, groups: .max, name: "big") },
        Case("negative filters", [8, 8, 1]) { Conv2D(.min, 3, name: "big") },
        Case("negative units", [8]) { Dense(.min, name: "big") },
        Case("negative repetitions", [8]) { RepeatVector(.min, name: "big") },
        Case("negative target shape", [8]) { Reshape([Int.min], name: "big") },
    ]

    @Test(arguments: refused)
    func `an argument out of its range is an error that names the layer`(item: Case) {
        let input = Input(shape: item.input)
        let error = #expect(throws: GraphError.self) { try Model(input, item.layer()(input)) }
        #expect(error?.description.hasPrefix("big ") == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("fix: ") == true)
    }

    @Test(arguments: [[1 << 40, 1 << 5, 3], [1 << 62, 1 << 62], [.max], [.max, .max, .max]])
    func `a sample larger than the memory is an error of the input`(shape: [Int]) {
        let input = Input(shape: shape, name: "huge")
        let error = #expect(throws: GraphError.self) { try Model(input, Flatten()(input)) }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("huge: one sample of shape [?, "), "\(text)")
        #expect(text.contains("iB of memory"), "\(text)")
    }

    @Test(arguments: [[5, 0, 3], [-1], [0], [28, -28, 1]])
    func `an input without any values is an error that names it`(shape: [Int]) {
        let input = Input(shape: shape, name: "empty")
        let error = #expect(throws: GraphError.self) { try Model(input, Flatten()(input)) }
        #expect(error?.description.hasPrefix("empty: the shape [?, ") == true)
    }

    @Test(arguments: [true, false])
    func `global pooling of an image without pixels is an error in its own words`(isMaximum: Bool)
        throws
    {
        let input = Input(shape: [nil, nil, 3])
        let model = try Model(
            input,
            isMaximum ? GlobalMaxPooling2D()(input) : GlobalAveragePooling2D()(input))
        let error = #expect(throws: (any Error).self) {
            try model.predict(Tensor([Float](), shape: [2, 5, 0, 3]))
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("has no pixels"))
    }

    @Test func `memory is told in the unit that fits`() {
        #expect(512.0.memoryText == "512 bytes")
        #expect(1536.0.memoryText == "1.5 KiB")
        #expect((36 * 0x1p40).memoryText == "36 TiB")
        #expect(0x1p70.memoryText == "1048576 PiB")
    }
}
