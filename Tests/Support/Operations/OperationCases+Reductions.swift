internal import StrataGraph

extension OperationCases {
    package static let reductions = sums + places + softmaxes + scans

    private static let kinds: [Reduction.Kind] = [.sum, .mean, .maximum, .minimum, .product]

    private static let sums: [OperationCase] = kinds.flatMap { kind in
        [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]].flatMap { axes in
            [true, false].map { keeps in
                let values: OperationCase.Values =
                    switch kind {
                    case .sum, .mean: .between(-1, 1)
                    case .maximum, .minimum: .distinct(shift: 0)
                    case .product: .awayFromZero
                    }
                return OperationCase(
                    "\(kind) over \(axes)\(keeps ? ", kept" : "")", [.init([2, 3, 4], values)]
                ) { $0[0].reduced(kind, axes, keeps) }
            }
        }
    }

    private static let places: [OperationCase] =
        (0..<3).map { axis in
            OperationCase("argMax along \(axis)", order: 0, [.init([3, 4, 5], .whole(below: 4))]) {
                $0[0].argMax(axis: axis)
            }
        } + [
            OperationCase(
                "inTopK", order: 0,
                [
                    .init([9, 5], .distinct(shift: 0)), .init([9], .whole(below: 5), dtype: .int32),
                ], outputs: { x in (1...3).map { x[0].inTopK($0, classes: x[1]) } }),
            OperationCase("oneHot", order: 0, [.init([2, 3], .whole(below: 6), dtype: .int32)]) {
                // Number 5 has no place.
                $0[0].oneHot(5)
            },
        ]

    private static let scans: [OperationCase] = (0..<3).flatMap { axis in
        [(false, false), (true, false), (false, true), (true, true)].map { exclusive, reverse in
            OperationCase(
                "cumulative sum along \(axis), exclusive: \(exclusive), reverse: \(reverse)",
                [.init([2, 3, 4])]
            ) { $0[0].cumulativeSum(axis: axis, exclusive: exclusive, reverse: reverse) }
        }
    }

    private static let softmaxes: [OperationCase] = (0..<3).flatMap { axis in
        [
            OperationCase("softmax along \(axis)", [.init([2, 3, 4], .between(-3, 3))]) {
                $0[0].softmax(axis: axis)
            },
            OperationCase("logSoftmax along \(axis)", [.init([2, 3, 4], .between(-3, 3))]) {
                $0[0].logSoftmax(axis: axis)
            },
        ]
    }
}

extension SymbolicTensor {
    fileprivate func reduced(_ kind: Reduction.Kind, _ axes: [Int], _ keeps: Bool) -> SymbolicTensor
    {
        switch kind {
        case .sum: sum(axes: axes, keepDimensions: keeps)
        case .mean: mean(axes: axes, keepDimensions: keeps)
        case .maximum: max(axes: axes, keepDimensions: keeps)
        case .minimum: min(axes: axes, keepDimensions: keeps)
        case .product: product(axes: axes, keepDimensions: keeps)
        }
    }
}
