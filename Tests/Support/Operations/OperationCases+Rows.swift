internal import StrataGraph

extension OperationCases {
    package static let rows: [OperationCase] =
        [([5, 3], [4]), ([4, 2, 3], [2, 3]), ([6], [3]), ([3, 2], [])].map {
            (table: [Int], indices: [Int]) in
            OperationCase(
                "gather \(indices) of \(table)",
                [.init(table), .init(indices, .whole(below: table[0]), dtype: .int32)]
            ) { $0[0].gathered($0[1]) }
        } + [
            OperationCase(
                "gather from the end",
                [.init([5, 3]), .init([2, 4], .whole(below: 5), dtype: .int32)]
            ) { x in
                x[0].gathered(x[1] - .constant(Tensor([Int32(5)], shape: [])))
            },
            OperationCase(
                "gather along 1",
                [.init([2, 5, 3]), .init([2, 4], .whole(below: 5), dtype: .int32)]
            ) { $0[0].gathered($0[1], axis: 1) },
        ]
}
