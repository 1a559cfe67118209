extension Applications {
    /// InceptionV3: parallel convolutions of several sizes.
    ///
    /// Szegedy et al., 2015 (arXiv 1512.00567). Keras 3.15.1 `InceptionV3`; ``Applications``
    /// explains the arguments.
    public static func inceptionV3(
        weights: String? = nil, includeTop: Bool = true, inputShape: Shape? = nil,
        pooling: Pooling? = nil, classes: Int = 1000,
        classifierActivation: ActivationFunction = .softmax, name: String = "inception_v3"
    ) throws -> Model {
        let ending = Ending(
            weights: weights, includeTop: includeTop, pooling: pooling, classes: classes,
            activation: classifierActivation)
        return try model(name, ending, inputShape: inputShape, size: 299, minimum: 75) { image in
            var x = unit(image, 32, 3, strides: 2, padding: .valid)
            x = unit(x, 32, 3, padding: .valid)
            x = unit(x, 64, 3)
            x = MaxPooling2D(3, strides: 2)(x)
            x = unit(x, 80, 1, padding: .valid)
            x = unit(x, 192, 3, padding: .valid)
            x = MaxPooling2D(3, strides: 2)(x)
            for (number, width) in [32, 64, 64].enumerated() {
                x = fine(x, pooled: width, "mixed\(number)")
            }
            x = quartered(x)
            for (number, width) in [128, 160, 160, 192].enumerated() {
                x = crossed(x, width, "mixed\(number + 4)")
            }
            x = quarteredAgain(x)
            for number in 0..<2 { x = coarse(x, number) }
            return ending.finished(x, namesPooling: false)
        }
    }

    /// A convolution with batch normalization, without gamma, since a ReLU follows.
    private static func unit(
        _ x: SymbolicTensor, _ filters: Int, _ kernelSize: SpatialSize, strides: SpatialSize = 1,
        padding: Padding = .same
    ) -> SymbolicTensor {
        let y = Conv2D(
            filters, kernelSize: kernelSize, strides: strides, padding: padding, useBias: false)(x)
        return Activation(.relu)(BatchNormalization(axis: 3, scale: false)(y))
    }

    /// Consecutive units: filters and kernel of each.
    private static func chain(_ x: SymbolicTensor, _ units: [(Int, SpatialSize)]) -> SymbolicTensor
    {
        units.reduce(x) { unit($0, $1.0, $1.1) }
    }

    private static func averaged(_ x: SymbolicTensor, _ filters: Int) -> SymbolicTensor {
        unit(AveragePooling2D(3, strides: 1, padding: .same)(x), filters, 1)
    }

    private static func joined(_ branches: [SymbolicTensor], _ name: String?) -> SymbolicTensor {
        Concatenate(axis: 3, name: name)(branches)
    }

    /// 35 × 35: kernels of 1, 5 and twice 3.
    private static func fine(_ x: SymbolicTensor, pooled: Int, _ name: String) -> SymbolicTensor {
        let one = unit(x, 64, 1)
        let five = chain(x, [(48, 1), (64, 5)])
        let three = chain(x, [(64, 1), (96, 3), (96, 3)])
        return joined([one, five, three, averaged(x, pooled)], name)
    }

    /// From 35 × 35 to 17 × 17.
    private static func quartered(_ x: SymbolicTensor) -> SymbolicTensor {
        let single = unit(x, 384, 3, strides: 2, padding: .valid)
        let double = unit(
            chain(x, [(64, 1), (96, 3)]), 96, 3, strides: 2, padding: .valid)
        return joined([single, double, MaxPooling2D(3, strides: 2)(x)], "mixed3")
    }

    /// 17 × 17: rows and columns of 7.
    private static func crossed(_ x: SymbolicTensor, _ width: Int, _ name: String)
        -> SymbolicTensor
    {
        let one = unit(x, 192, 1)
        let single = chain(x, [(width, 1), (width, [1, 7]), (192, [7, 1])])
        let double = chain(
            x,
            [
                (width, 1), (width, [7, 1]), (width, [1, 7]), (width, [7, 1]), (192, [1, 7]),
            ])
        return joined([one, single, double, averaged(x, 192)], name)
    }

    /// From 17 × 17 to 8 × 8.
    private static func quarteredAgain(_ x: SymbolicTensor) -> SymbolicTensor {
        let single = unit(unit(x, 192, 1), 320, 3, strides: 2, padding: .valid)
        let crossed = chain(x, [(192, 1), (192, [1, 7]), (192, [7, 1])])
        let double = unit(crossed, 192, 3, strides: 2, padding: .valid)
        return joined([single, double, MaxPooling2D(3, strides: 2)(x)], "mixed8")
    }

    /// 8 × 8: rows and columns of 3 in parallel.
    private static func coarse(_ x: SymbolicTensor, _ number: Int) -> SymbolicTensor {
        let one = unit(x, 320, 1)
        let single = unit(x, 384, 1)
        let row = unit(single, 384, [1, 3])
        let column = unit(single, 384, [3, 1])
        let singles = joined([row, column], "mixed9_\(number)")
        let double = chain(x, [(448, 1), (384, 3)])
        let secondRow = unit(double, 384, [1, 3])
        let secondColumn = unit(double, 384, [3, 1])
        let doubles = joined([secondRow, secondColumn], nil)
        return joined([one, singles, doubles, averaged(x, 192)], "mixed\(9 + number)")
    }
}
