internal import StrataGraph

extension KerasOperations {
    /// Neural network functions: activations, windows, normalizations.
    static let networks: Table = [
        "Relu": { try $0.same { $0.relu() } },
        "Relu6": { try $0.same { $0.relu6() } },
        "LeakyRelu": {
            try $0.float().leakyRelu(negativeSlope: $0.number("negative_slope", default: 0.2))
        },
        "Elu": { try $0.float().elu(alpha: $0.number("alpha", default: 1)) },
        "Selu": { try $0.float().selu() },
        "Celu": { try $0.float().celu(alpha: $0.number("alpha", default: 1)) },
        "Gelu": {
            try $0.float().gelu(
                approximate: $0.configuration.bool("approximate", default: true))
        },
        "Glu": { try $0.float().glu(axis: $0.int("axis", default: -1)) },
        "Silu": { try $0.float().silu() },
        "Mish": { try $0.float().mish() },
        "Sigmoid": { try $0.float().sigmoid() },
        "LogSigmoid": { try $0.float().logSigmoid() },
        "HardSigmoid": { try $0.float().hardSigmoid() },
        "HardSilu": { try $0.float().hardSilu() },
        "HardTanh": { try $0.float().hardTanh() },
        "HardShrink": {
            try $0.float().hardShrink(threshold: $0.number("threshold", default: 0.5))
        },
        "SoftShrink": {
            try $0.float().softShrink(threshold: $0.number("threshold", default: 0.5))
        },
        "TanhShrink": { try $0.float().tanhShrink() },
        "Threshold": {
            try $0.float().threshold(
                $0.number("threshold"), defaultValue: $0.number("default_value"))
        },
        "Softplus": { try $0.float().softplus() },
        "Softsign": { try $0.float().softsign() },
        "Squareplus": { try $0.float().squareplus(b: $0.number("b", default: 4)) },
        "SparsePlus": { try $0.float().sparsePlus() },
        "SparseSigmoid": { try $0.float().sparseSigmoid() },
        "Sparsemax": { try $0.float().sparsemax(axis: $0.int("axis", default: -1)) },
        "Softmax": { try $0.overAxis { $0.softmax(axis: $1) } },
        "LogSoftmax": { try $0.overAxis { $0.logSoftmax(axis: $1) } },
        "OneHot": { try $0.oneHot() },
        "MultiHot": { try $0.multiHot() },
        "Normalize": { try $0.normalized() },
        "BatchNorm": { try $0.batchNormalized() },
        "LayerNorm": { try $0.layerNormalized() },
        "RMSNorm": { try $0.rootMeanSquareNormalized() },
        "Conv": { try $0.convolved() },
        "DepthwiseConv": { try $0.convolvedByChannel() },
        "SeparableConv": { try $0.convolvedSeparably() },
        "MaxPool": {
            try $0.applied([MaxPooling1D.self, MaxPooling2D.self, MaxPooling3D.self])
        },
        "AveragePool": {
            try $0.applied(
                [AveragePooling1D.self, AveragePooling2D.self, AveragePooling3D.self])
        },
        "AdaptiveMaxPool": {
            try $0.applied(
                [
                    AdaptiveMaxPooling1D.self, AdaptiveMaxPooling2D.self,
                    AdaptiveMaxPooling3D.self,
                ])
        },
        "AdaptiveAveragePool": {
            try $0.applied(
                [
                    AdaptiveAveragePooling1D.self, AdaptiveAveragePooling2D.self,
                    AdaptiveAveragePooling3D.self,
                ])
        },
        "BinaryCrossentropy": { a in
            let fromLogits = try a.flag("from_logits")
            return try a.fraction { Ops.binaryCrossentropy($0, $1, fromLogits: fromLogits) }
        },
        "CategoricalCrossentropy": { a in
            let (fromLogits, axis) = (try a.flag("from_logits"), try a.int("axis", default: -1))
            return try a.fraction {
                Ops.categoricalCrossentropy($0, $1, fromLogits: fromLogits, axis: axis)
            }
        },
        "SparseCategoricalCrossentropy": { a in
            Ops.sparseCategoricalCrossentropy(
                try a.tensor(), try a.float(1), fromLogits: try a.flag("from_logits"),
                axis: try a.int("axis", default: -1))
        },
        "DepthToSpace": { try $0.depthToSpace() },
        "SpaceToDepth": { try $0.spaceToDepth() },
    ]
}

extension OperationArguments {
    /// A softmax over an axis, or over several as one.
    fileprivate func overAxis(
        _ body: (SymbolicTensor, Int) -> SymbolicTensor
    ) throws -> SymbolicTensor {
        let x = try float()
        let axes = try axes() ?? Array(0..<x.rank)
        if axes.count == 1 { return body(x, axes[0]) }
        let order = (0..<x.rank).filter { !axes.contains($0) } + axes
        let turned = x.transposed(order)
        let kept = x.rank - axes.count
        guard turned.shape.known != nil else {
            throw GraphError.Problem.unknownDimension(x.shape, needed: "every dimension")
        }
        let rows = turned.reshaped(Shape(turned.shape.dimensions.prefix(kept) + [-1]))
        return body(rows, kept).reshaped(turned.shape).transposed(inverse(order))
    }

    fileprivate func oneHot() throws -> SymbolicTensor {
        let x = try tensor()
        let count = try int("num_classes")
        guard count > 0, try !flag("sparse") else {
            throw GraphError.Problem.invalidArgument(
                "num_classes is \(count), or the result is to be sparse",
                fix: "use 1 or more, and sparse=False")
        }
        return Ops.oneHot(
            x, numClasses: count, axis: try int("axis", default: -1),
            dtype: try configuration.elementType(default: .float32))
    }

    fileprivate func multiHot() throws -> SymbolicTensor {
        let x = try tensor()
        let rows = try oneHot()
        // A single sample has its labels in the first axis.
        return x.rank == 0 ? rows : rows.max(axes: [x.rank == 1 ? 0 : x.rank - 1])
    }

    fileprivate func normalized() throws -> SymbolicTensor {
        Ops.normalize(
            try float(), axis: Axes(try axes() ?? [-1]), order: try int("order", default: 2),
            epsilon: try configuration.optionalFloat("epsilon"))
    }

    // MARK: Normalizations

    fileprivate func batchNormalized() throws -> SymbolicTensor {
        Ops.batchNormalization(
            try float(), try tensor(1), try tensor(2), axis: try axis(),
            offset: try optionalTensor(3, "offset"), scale: try optionalTensor(4, "scale"),
            epsilon: try number("epsilon", default: 1e-3))
    }

    fileprivate func layerNormalized() throws -> SymbolicTensor {
        Ops.layerNormalization(
            try float(), gamma: try optionalTensor(1, "gamma"),
            beta: try optionalTensor(2, "beta"), axis: Axes(try axes() ?? []),
            epsilon: try configuration.optionalFloat("epsilon"))
    }

    fileprivate func rootMeanSquareNormalized() throws -> SymbolicTensor {
        Ops.rmsNormalization(
            try float(), scale: try optionalTensor(1, "scale"), axis: Axes(try axes() ?? []),
            epsilon: try configuration.optionalFloat("epsilon"))
    }

    // MARK: Blocks

    private func block() throws -> (size: Int, sizes: [Int]) {
        let size = try int("block_size")
        let x = try tensor()
        guard x.rank == 4 else {
            throw GraphError.Problem.wrongRank(
                got: x.shape, expected: "[batch, height, width, channels]")
        }
        let format = try configuration.dataFormat()
        let shape = x.shape.withChannelsLast(format)
        guard let sizes = shape.known, shape.elementCount != nil else {
            throw GraphError.Problem.unknownDimension(x.shape, needed: "every dimension")
        }
        guard size > 0 else {
            throw GraphError.Problem.invalidArgument("block_size is \(size)", fix: "use 1 or more")
        }
        return (size, sizes)
    }

    fileprivate func depthToSpace() throws -> SymbolicTensor {
        let (size, sizes) = try block()
        guard sizes[3] % (size * size) == 0 else {
            throw GraphError.Problem.notDivisible(
                what: "the channels", count: sizes[3], by: "the block's pixels",
                divisor: size * size)
        }
        let depth = sizes[3] / (size * size)
        return try tensor().withChannelsLast(try configuration.dataFormat()) { x in
            x.reshaped(Shape([sizes[0], sizes[1], sizes[2], size, size, depth]))
                .transposed([0, 1, 3, 2, 4, 5])
                .reshaped(Shape([sizes[0], sizes[1] * size, sizes[2] * size, depth]))
        }
    }

    fileprivate func spaceToDepth() throws -> SymbolicTensor {
        let (size, sizes) = try block()
        guard sizes[1] % size == 0, sizes[2] % size == 0 else {
            throw GraphError.Problem.notDivisible(
                what: "height or width", count: sizes[1] % size == 0 ? sizes[2] : sizes[1],
                by: "the block's size", divisor: size)
        }
        let (rows, columns) = (sizes[1] / size, sizes[2] / size)
        return try tensor().withChannelsLast(try configuration.dataFormat()) { x in
            x.reshaped(Shape([sizes[0], rows, size, columns, size, sizes[3]]))
                .transposed([0, 1, 3, 2, 4, 5])
                .reshaped(Shape([sizes[0], rows, columns, -1]))
        }
    }
}
