internal import StrataGraph

extension OperationCases {
    /// Places reach over all edges, and lie off the middles of pixels, where values may jump.
    package static let images: [OperationCase] =
        GridSample.Fill.allCases.flatMap { fill in
            [true, false].map { isBilinear in
                OperationCase(
                    "gridSample, \(isBilinear ? "linear" : "nearest"), beyond: \(fill)",
                    [
                        .init([2, 4, 5, 3]),
                        .init([2, 3, 4, 2], .between(-11, 14), hasGradient: false),
                    ]
                ) {
                    $0[0].gridSampled(
                        at: $0[1],
                        GridSample(isBilinear: isBilinear, fill: fill, fillValue: 0.5))
                }
            }
        } + [
            OperationCase(
                "equalization", order: 0, [.init([3, 4, 5, 2], .whole(below: 200))]
            ) { $0[0].equalized(bins: 256) },
            OperationCase("equalization of one grey", order: 0, [.init([7, 1], .whole(below: 1))]) {
                $0[0].equalized(bins: 256)
            },
        ]
}
