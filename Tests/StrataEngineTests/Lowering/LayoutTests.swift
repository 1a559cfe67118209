import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// Values that lie in the layouts which convolutions like, read by operations that like others.
@Suite struct LayoutTests {
    @Test(arguments: [0, 1, 2, 3], [[16, 16], [8, 32], [3, 17], [16, 4], [1, 1]])
    func `images in blocks are joined along any axis`(axis: Int, channels: [Int]) throws {
        let isEqual = axis == 3 || channels[0] == channels[1]
        let second = isEqual ? channels[1] : channels[0]
        let item = OperationCase(
            "join", order: 1,
            [.init([2, 4, 3, 8]), .init([1, 1, 8, channels[0]]), .init([1, 1, 8, second])]
        ) {
            let (a, b) = ($0[0].convolved(with: $0[1]), $0[0].convolved(with: $0[2]))
            return .concatenated([a, b, a.relu()], axis: axis)
        }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: [1, 3, 16, 17, 32], [1, 4, 16])
    func `a chain of all that keeps images`(channels: Int, filters: Int) throws {
        let item = OperationCase(
            "chain", order: 1,
            [
                .init([2, 7, 6, channels]), .init([3, 3, channels, filters]), .init([filters]),
                .init([filters], .between(0.5, 1)), .init([filters]),
                .init([3, 2, filters, filters]), .init([filters * 4, 5]),
            ]
        ) { x in
            var y = x[0].convolved(with: x[1], bias: x[2], padding: .same)
            let batch = BatchNormalization(epsilon: 0.01, usesGivenStatistics: false)
            y = SymbolicTensor.applying(.batchNormalization(batch), [y, x[3], x[4]])[0]
            let shortcut = y.tanh()
            y = shortcut.convolved(with: x[5], padding: .same)
            y = (y + shortcut).sigmoid().maxPooled([3, 3], strides: [2, 2], padding: .same)
            y = y.averagePooled([2, 2], strides: [2, 1])
            return y.reshaped([2, filters * 4]).multiplied(by: x[6])
        }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// From three channels blocks are made as fast as channels last, and Winograd's algorithm reads them.
    @Test func `few channels become blocks where those are read next`() throws {
        let x = SymbolicTensor.input("x", [1, 16, 12, 3])
        let first = x.convolved(with: .input("k", [3, 3, 3, 16]), padding: .same).relu()
        let scaled = first * .input("scale", [16]) + .input("shift", [16])
        let y = scaled.convolved(with: .input("l", [3, 3, 16, 16]), padding: .same)
        let plan = try Plan(Graph(outputs: [y]))
        let names = plan.steps.map(\.name).filter { $0 != "reorder" }
        #expect(names == ["convolution+relu", "multiply+add", "convolution"])
        // The second kernel is brought into place between them, and nothing else.
        let between = plan.steps.map(\.name).drop { $0 != "convolution+relu" }.dropLast()
        #expect(between.filter { $0 == "reorder" }.count <= 1)
    }

    @Test func `one kernel in two convolutions, and in one with groups`() throws {
        let item = OperationCase(
            "shared", order: 1, [.init([1, 6, 6, 8]), .init([3, 3, 4, 8]), .init([1, 5, 5, 4])]
        ) {
            let grouped = $0[0].convolved(with: $0[1], groups: 2)
            let plain = $0[2].convolved(with: $0[1])
            let again = $0[2].convolved(with: $0[1] * 0.5, strides: [2, 2])
            return grouped.sum() + plain.square().sum() + again.sum()
        }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: [DType.float32, .bfloat16, .int32, .uint8, .bool])
    func `movement of all types`(dtype: DType) throws {
        let input = OperationCase.Input([3, 4, 5], .whole(below: 2), dtype: dtype)
        let item = OperationCase(
            "movement", order: 0, [input, input],
            outputs: {
                let (x, y) = ($0[0], $0[1])
                return [
                    x.transposed([2, 0, 1]), x.padded(before: [1, 0, 2], after: [0, 3, 1]),
                    x.sliced(from: [1, 1, 1], sizes: [2, 2, 3]), x.reshaped([5, -1]),
                    .concatenated([x, y], axis: 1), .concatenated([x, y], axis: 2),
                    x.sliced(from: [0, 0, 0], sizes: [1, 4, 1]).broadcast(to: [2, 4, 3]),
                ]
            })
        let trace = item.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `an input is an output`() throws {
        let x = SymbolicTensor.input("x", [2, 3])
        let values = ["x": ReferenceTensor([1, 2, 3, 4, 5, 6], shape: [2, 3])]
        let found = try differences([x, x.reshaped([6]), x], inputs: values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `constants, whole and broken`() throws {
        let kernel = Tensor((0..<72).map { Float($0 % 7) - 3 }, shape: [3, 3, 1, 8])
        let x = SymbolicTensor.input("x", [1, 4, 4, 1])
        let numbers = SymbolicTensor.constant(Tensor([Int32(3), -4], shape: [2]))
        let bytes = SymbolicTensor.constant(Tensor([UInt8(200), 7], shape: [2]))
        let found = try differences(
            [
                x.convolved(with: .constant(kernel)), numbers + numbers, numbers * 0.5,
                bytes.cast(to: .float32), .constant(kernel), .constant(2) * 3,
            ], inputs: ["x": ReferenceTensor(repeating: 0.5, shape: [1, 4, 4, 1])])
        #expect(found.isEmpty, "\(found)")
    }
}
