internal import StrataGraph

/// The table of operations.
///
/// A new operation gets its line here, and with it the tests of its gradient and its lowering.
package enum OperationCases {
    package static let all =
        elementwise + reductions + rows + movement + matrixProducts + innerProducts + convolutions
        + poolings + normalizations + images

    package static let elementwise = unary + binary + others

    private static let unary = UnaryFunction.allCases.map { function in
        let (values, order): (OperationCase.Values, Int) =
            switch function {
            case .sqrt, .log: (.between(0.2, 2), 2)
            case .log1p: (.between(-0.6, 2), 2)
            case .absolute, .reciprocal, .relu: (.awayFromZero, 2)
            case .negate, .exp, .expm1, .square, .sin, .cos, .tanh, .sigmoid, .erf:
                (.between(-2, 2), 2)
            case .sign, .floor, .round, .stopGradient: (.distinct(shift: 1), 0)
            }
        return OperationCase("\(function)", order: order, [.init([3, 5], values)]) {
            .apply(.unary(function), $0[0])
        }
    }

    private static let binary = BinaryFunction.allCases.flatMap { function in
        [
            ([2, 3, 4], [2, 3, 4]), ([2, 3, 4], [3, 1]), ([4], [2, 3, 1]), ([], [5]), ([1, 1], []),
        ]
        .map { (left: [Int], right: [Int]) in
            let (a, b): (OperationCase.Values, OperationCase.Values) =
                switch function {
                case .add, .subtract, .multiply: (.between(-1, 1), .between(-1, 1))
                case .divide: (.between(-1, 1), .awayFromZero)
                case .power: (.between(0.3, 2), .between(-2, 2))
                case .maximum, .minimum, .less, .lessEqual, .greater, .greaterEqual:
                    (.distinct(shift: 0), .distinct(shift: 1))
                case .equal, .notEqual: (.whole(below: 2), .whole(below: 2))
                }
            return OperationCase(
                "\(function) of \(left) and \(right)", order: function.isComparison ? 0 : 2,
                [.init(left, a), .init(right, b)]
            ) { .apply(.binary(function), $0[0], $0[1]) }
        }
    }

    private static let step = OperationCase.Input([], .whole(below: 9), dtype: .int32)

    private static let firstRow = step

    private static let others: [OperationCase] = [
        OperationCase("one tensor on both sides", [.init([4], .awayFromZero)]) {
            $0[0] * $0[0] + $0[0] / $0[0].square()
        },
        OperationCase("power 2 of negative numbers", [.init([4], .awayFromZero)]) {
            $0[0].power(2)
        },
        OperationCase("numbers on either side", [.init([4], .awayFromZero)]) {
            1 - (2 / ($0[0] * 3 + 5) - 1)
        },
        OperationCase("clipped", [.init([9], .distinct(shift: 1))]) { $0[0].clipped(-0.2, 0.2) },
        OperationCase(
            "select",
            [.init([2, 3], .whole(below: 2), hasGradient: false), .init([2, 3]), .init([3])]
        ) { $0[0].select($0[1], $0[2]) },
        OperationCase(
            "select by one row",
            [
                .init([3], .whole(below: 2), hasGradient: false), .init([]), .init([2, 1]),
            ]
        ) { $0[0].select($0[1], $0[2]) },
        OperationCase("cast to bfloat16 and back", [.init([7])]) {
            $0[0].cast(to: .bfloat16).cast(to: .float32)
        },
        OperationCase("cast to int32", order: 0, [.init([9], .between(-300, 300))]) {
            $0[0].cast(to: .int32)
        },
        OperationCase("cast to uint8", order: 0, [.init([9], .between(-99, 400))]) {
            $0[0].cast(to: .uint8)
        },
        OperationCase("cast to bool", order: 0, [.init([9], .whole(below: 3))]) {
            ($0[0] / 3).cast(to: .bool)
        },
        OperationCase("through uint8", order: 0, [.init([9], .between(-99, 400))]) {
            $0[0].cast(to: .uint8).cast(to: .float32) * 0.5
        },
        OperationCase("through int32", order: 0, [.init([9], .between(-99, 99))]) {
            $0[0].cast(to: .int32).cast(to: .float32) * 0.5
        },
        OperationCase("through bool", order: 0, [.init([9], .whole(below: 3))]) {
            ($0[0] / 3).cast(to: .bool).cast(to: .float32) * 2
        },
        OperationCase(
            "uint8 pictures to float32", order: 0,
            [.init([2, 5], .whole(below: 256), dtype: .uint8)]
        ) { $0[0].cast(to: .float32) / 255 },
        OperationCase(
            "integers", order: 0,
            [
                .init([6], .whole(below: 99), dtype: .int32),
                .init([6], .whole(below: 9), dtype: .int32),
            ],
            outputs: {
                let (a, b) = ($0[0], $0[1])
                return [a + b, a - b, a * b, a.maximum(b), a.minimum(b), a.less(than: b)]
            }),
        OperationCase(
            "whole and broken numbers", order: 0,
            [
                .init([6], .whole(below: 99), dtype: .int32), .init([6]),
            ]
        ) { $0[0] * $0[1] },
        OperationCase("dropout", [.init([4, 9]), step]) {
            .apply(.dropout(Dropout(rate: 0.4, key: 77)), $0[0], $0[1])
        },
        OperationCase("dropout of nothing", [.init([7]), step]) {
            .apply(.dropout(Dropout(rate: 0, key: 77)), $0[0], $0[1])
        },
        OperationCase("random", [.init([5, 3]), step]) {
            $0[0] * .apply(.randomUniform(RandomUniform(shape: [5, 3], key: 1 << 40)), $0[1])
        },
        OperationCase("dropout of rows", [.init([4, 9]), step, firstRow]) {
            .apply(.dropout(Dropout(rate: 0.4, key: 77)), $0[0], $0[1], $0[2])
        },
        OperationCase("dropout of rows that are reshaped", [.init([4, 3, 3]), step, firstRow]) {
            .apply(.dropout(Dropout(rate: 0.4, key: 77)), $0[0].reshaped([36, 1]), $0[1], $0[2])
        },
        OperationCase("random rows", [.init([5, 3]), step, firstRow]) {
            $0[0]
                * .apply(.randomUniform(RandomUniform(shape: [5, 3], key: 1 << 40)), $0[1], $0[2])
        },
        OperationCase("broadcast", [.init([3, 1])]) { $0[0].broadcast(to: [2, 3, 4]) },
        OperationCase("broadcast of a number", [.init([])]) { $0[0].broadcast(to: [2, 3]) },
    ]
}
