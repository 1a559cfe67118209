internal import StrataGraph

extension OperationCases {
    /// An image, and a convolution of it.
    fileprivate struct Setting {
        var image: [Int]
        var kernel: [Int]
        var strides: [Int]?
        var dilations: [Int]?
        var padding = Padding.valid
        var groups = 1

        var name: String {
            let details = [
                strides.map { "strides \($0)" }, dilations.map { "dilations \($0)" },
                groups > 1 ? "\(groups) groups" : nil,
            ]
            return (["\(image) with \(kernel)", "\(padding)"] + details.compactMap { $0 })
                .joined(separator: ", ")
        }
    }

    private static let settings: [Setting] =
        Padding.allCases.map { Setting(image: [2, 5, 2], kernel: [3, 2, 3], padding: $0) }
        + Padding.allCases.map {
            Setting(image: [1, 5, 4, 2], kernel: [3, 2, 2, 2], strides: [2, 1], padding: $0)
        }
        + Padding.allCases.map {
            Setting(image: [1, 7, 1], kernel: [3, 1, 2], dilations: [2], padding: $0)
        } + [
            Setting(image: [1, 6, 5, 1], kernel: [2, 3, 1, 1], strides: [3, 2], padding: .same),
            Setting(image: [1, 6, 6, 1], kernel: [2, 2, 1, 2], dilations: [3, 2]),
            Setting(image: [1, 3, 3, 4], kernel: [2, 2, 2, 4], groups: 2),
            Setting(image: [1, 3, 3, 4], kernel: [3, 3, 1, 4], padding: .same, groups: 4),
            Setting(image: [1, 3, 3, 3], kernel: [1, 1, 3, 2]),
            Setting(image: [1, 7, 2], kernel: [2, 2, 3], strides: [3]),
            Setting(image: [1, 3, 2, 3, 2], kernel: [2, 1, 2, 2, 1], padding: .same),
            Setting(image: [1, 4, 2, 3, 1], kernel: [2, 2, 1, 1, 2], strides: [2, 1, 2]),
        ]

    package static let convolutions =
        settings.flatMap { setting in
            let x: [OperationCase.Input] = [.init(setting.image), .init(setting.kernel)]
            let filters = setting.kernel.suffix(1)
            return [
                OperationCase("convolution of \(setting.name)", x) {
                    $0[0].convolved(setting, $0[1])
                },
                OperationCase(
                    "convolution of \(setting.name), and bias", x + [.init(Array(filters))]
                ) {
                    $0[0].convolved(setting, $0[1], bias: $0[2])
                },
            ]
        } + transposed + transposes

    /// Transposed convolutions as their geometry makes them, output padding and gaps included.
    private static let transposes: [OperationCase] = [
        (Padding.valid, 3, 2, nil), (.valid, 2, 3, nil), (.valid, 2, 3, 1), (.same, 3, 2, nil),
        (.same, 3, 2, 1), (.same, 4, 2, 0), (.same, 2, 3, nil), (.same, 1, 3, 2),
    ].map { (padding: Padding, kernel: Int, stride: Int, extra: Int?) in
        let window = Window(
            size: [kernel, 2], strides: [stride, 1], padding: padding)
        let transpose = ConvolutionTranspose(
            window: window, outputPadding: extra.map { [$0, 0] })
        let details = extra.map { ", \($0) more" } ?? ""
        return OperationCase(
            "transposed convolution with \(kernel) by \(stride), \(padding)\(details)",
            [.init([1, 3, 3, 2]), .init([kernel, 2, 3, 2])]
        ) { $0[0].convolvedTransposed(with: $0[1], transpose) }
    }

    /// The gradient of a convolution used forward, as transposed convolutions do.
    private static let transposed: [OperationCase] = settings.prefix(10).map { setting in
        let image = SymbolicTensor.input("image", Shape(setting.image))
        let kernel = SymbolicTensor.input("kernel", Shape(setting.kernel))
        let result = image.convolved(setting, kernel)
        let backward = ConvolutionBackwardData(
            convolution: setting.convolution, shape: Shape(setting.image))
        return OperationCase(
            "transposed convolution to \(setting.name)",
            [.init(result.shape.known ?? []), .init(setting.kernel)]
        ) { .apply(.convolutionBackwardData(backward), $0[0], $0[1]) }
    }

    private static let windows: [(image: [Int], window: Window)] = [
        ([2, 6, 2], Window(size: [2], strides: [2], padding: .valid)),
        ([2, 7, 2], Window(size: [3], strides: [2], padding: .same)),
        ([1, 5, 6, 2], Window(size: [2, 3], strides: [2, 3], padding: .valid)),
        ([1, 5, 6, 2], Window(size: [2, 3], strides: [2, 3], padding: .same)),
        ([1, 5, 5, 3], Window(size: [3, 3], strides: [1, 2], padding: .same)),
        ([2, 4, 4, 1], Window(size: [3, 2], strides: [1, 1], padding: .valid)),
        ([1, 5, 7, 1], Window(size: [2, 2], strides: [3, 4], padding: .same)),
        ([1, 4, 3, 4, 2], Window(size: [2, 2, 2], strides: [2, 1, 2], padding: .same)),
    ]

    package static let poolings = [Pooling.Kind.maximum, .average].flatMap { kind in
        let order = kind == .maximum ? 1 : 2
        return windows.map { image, window in
            OperationCase(
                "\(kind) pooling of \(image), \(window.size) by \(window.strides) "
                    + "\(window.padding)", order: order, [.init(image, .distinct(shift: 0))]
            ) { .apply(.pooling(Pooling(kind: kind, window: window)), $0[0]) }
        }
            + [[2, 4, 3], [2, 3, 3, 2], [1, 2, 3, 2, 2]].map { image in
                OperationCase(
                    "global \(kind) pooling of \(image)", order: order,
                    [.init(image, .distinct(shift: 0))]
                ) { .apply(.pooling(Pooling(kind: kind, window: nil)), $0[0]) }
            }
    }
}

extension OperationCases.Setting {
    fileprivate var convolution: Convolution {
        let size = Array(kernel.dropLast(2))
        return Convolution(
            window: Window(
                size: size, strides: strides ?? size.map { _ in 1 }, dilations: dilations,
                padding: padding), groups: groups)
    }
}

extension SymbolicTensor {
    fileprivate func convolved(
        _ setting: OperationCases.Setting, _ kernel: SymbolicTensor, bias: SymbolicTensor? = nil
    ) -> SymbolicTensor {
        convolved(
            with: kernel, bias: bias, strides: setting.strides, padding: setting.padding,
            dilations: setting.dilations, groups: setting.groups)
    }
}
