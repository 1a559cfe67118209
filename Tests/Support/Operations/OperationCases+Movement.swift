internal import StrataGraph

extension OperationCases {
    package static let movement: [OperationCase] =
        [
            OperationCase("reshape", [.init([2, 3, 4])]) { $0[0].reshaped([4, -1]).square() },
            OperationCase("reshape to a row", [.init([2, 3])]) { $0[0].reshaped([6]).exp() },
            OperationCase("reshape of a number", [.init([])]) { $0[0].reshaped([1, 1]) },
        ]
        + [[1, 0, 2], [2, 1, 0], [0, 2, 1], [1, 2, 0]].map { order in
            OperationCase("transpose to \(order)", [.init([2, 3, 4])]) {
                $0[0].transposed(order)
            }
        } + [
            OperationCase("pad", [.init([2, 3])]) {
                $0[0].padded(before: [1, 0], after: [0, 2], value: 1.5)
            },
            OperationCase("slice", [.init([4, 5, 2])]) {
                $0[0].sliced(from: [1, 0, 1], sizes: [2, 4, 1])
            },
            OperationCase("slice of all", [.init([4, 5])]) {
                $0[0].sliced(from: [0, 0], sizes: [4, 5])
            },
        ]
        + [
            ("side by side", [0, 2, 3], [2, 1, 2]), ("in the middle", [2, 1], [1, 1]),
            ("with a gap", [0, 3], [2, 2]), ("that overlap", [0, 1], [3, 3]),
            ("of which two are the same", [0, 2, 2], [2, 3, 3]),
        ].map { (name: String, starts: [Int], sizes: [Int]) in
            OperationCase("slices \(name)", [.init([2, 5, 3])]) { x in
                zip(starts, sizes).enumerated().map { number, slice in
                    x[0].sliced(from: [0, slice.0, 0], sizes: [2, slice.1, 3]).square().sum()
                        * Float(number + 1)
                }.reduce(x[0].square().sum(axes: [0, 2]).sum(), +)
            }
        }
        + [0, 1, 2, -1].map { axis in
            OperationCase("concatenate along \(axis)", [.init([2, 3, 4]), .init([2, 3, 4])]) {
                .concatenated([$0[0], $0[1], $0[0]], axis: axis)
            }
        } + [
            OperationCase("concatenate unequal", [.init([2, 3]), .init([2, 1]), .init([2, 5])]) {
                .concatenated([$0[0], $0[1], $0[2]], axis: 1)
            }
        ]

    package static let innerProducts: [OperationCase] =
        [
            ("rows", [3, 5], 4), ("an image", [2, 3, 2, 3], 2), ("one column", [4, 1], 1),
            ("a series", [2, 4, 3], 3), ("a volume", [2, 2, 3, 2, 2], 3),
        ].flatMap { (name: String, shape: [Int], units: Int) in
            let width = shape.dropFirst().reduce(1, *)
            return [
                OperationCase("inner product of \(name)", [.init(shape), .init([width, units])]) {
                    $0[0].reshaped([shape[0], -1]).multiplied(by: $0[1])
                },
                OperationCase(
                    "inner product of \(name), and bias",
                    [.init(shape), .init([width, units]), .init([units])]
                ) { $0[0].reshaped([shape[0], -1]).multiplied(by: $0[1], bias: $0[2]) },
            ]
        } + [
            OperationCase("product with the last axis", [.init([2, 3, 4]), .init([4, 2])]) {
                $0[0].multiplied(by: $0[1])
            },
            OperationCase("flatten and multiply", [.init([2, 3, 2]), .init([6, 4]), .init([4])]) {
                $0[0].reshaped([2, 6]).multiplied(by: $0[1], bias: $0[2])
            },
        ]

    package static let matrixProducts: [OperationCase] = [
        ([1, 2, 3], 4), ([3, 1, 5], 2), ([2, 4, 1], 1), ([4, 3, 2], 3),
    ].map { (left: [Int], columns: Int) in
        let right = [left[0], left[2], columns]
        return OperationCase("product of \(left) and \(right)", [.init(left), .init(right)]) {
            $0[0].matrixProduct($0[1])
        }
    }

    package static let normalizations: [OperationCase] = [
        [6, 3], [4, 3, 2], [2, 3, 2, 3], [2, 2, 3, 2, 2],
    ].flatMap { (shape: [Int]) in
        let channels = [shape[shape.count - 1]]
        let x: [OperationCase.Input] = [
            .init(shape, .between(-1, 2)), .init(channels, .between(0.5, 2)), .init(channels),
        ]
        let batch = BatchNormalization(epsilon: 1e-3, usesGivenStatistics: false)
        let given = BatchNormalization(epsilon: 1e-3, usesGivenStatistics: true)
        return [
            OperationCase("batch normalization of \(shape)", order: 1, x) {
                SymbolicTensor.applying(.batchNormalization(batch), $0)[0]
            },
            OperationCase(
                "batch normalization of \(shape), its statistics", order: 1, x,
                outputs: { SymbolicTensor.applying(.batchNormalization(batch), $0) }),
            OperationCase(
                "batch normalization of \(shape) by averages",
                x + [
                    .init(channels), .init(channels, .between(0.5, 2)),
                ]
            ) { SymbolicTensor.applying(.batchNormalization(given), $0)[0] },
        ]
    }
}
