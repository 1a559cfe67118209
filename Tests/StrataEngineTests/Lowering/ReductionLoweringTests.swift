import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// Reductions, softmax and what is asked of classes on larger and odd shapes.
@Suite struct ReductionLoweringTests {
    struct Setting: Sendable, CustomStringConvertible {
        let shape: [Int]
        let axes: [Int]
        let kind: Reduction.Kind
        let isConvolved: Bool

        var description: String {
            "\(kind) of \(shape) over \(axes)\(isConvolved ? ", convolved" : "")"
        }

        init(seed: UInt64) {
            var generator = SplitMix(seed: seed)
            let rank = generator.pick([1, 2, 3, 4, 5])
            shape = (0..<rank).map { _ in generator.pick([1, 2, 3, 7, 8, 9, 17]) }
            axes = (0..<rank).filter { _ in generator.pick([true, false]) }
            kind = generator.pick([.sum, .mean, .maximum, .minimum, .sum])
            isConvolved = rank >= 3 && generator.pick([true, false])
        }

        var operationCase: OperationCase {
            let channels = shape[shape.count - 1]
            let inputs: [OperationCase.Input] =
                isConvolved
                ? [
                    .init(shape),
                    .init(Array(repeating: 1, count: shape.count - 2) + [channels, channels]),
                ] : [.init(shape)]
            return OperationCase(description, order: 1, inputs) {
                let x = isConvolved ? $0[0].convolved(with: $0[1]) : $0[0]
                return switch kind {
                case .sum: x.sum(axes: axes)
                case .mean: x.mean(axes: axes)
                case .maximum: x.max(axes: axes)
                case .minimum: x.min(axes: axes)
                case .product: x.product(axes: axes)
                }
            }
        }
    }

    @Test(arguments: (1...120).map { Setting(seed: $0) }.filter { $0.shape.reduce(1, *) < 6000 })
    func `reductions over any axes`(setting: Setting) throws {
        let trace = setting.operationCase.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// Long and wide enough for both loops and for several threads.
    @Test(arguments: [
        ([20_000], [0]), ([40, 600], [0]), ([2500, 9], [1]), ([30, 3, 70], [1]), ([9, 1500], [0]),
        ([2, 900, 3], [1]), ([120, 97], [0, 1]),
    ])
    func `sums of many numbers`(shape: [Int], axes: [Int]) throws {
        let item = OperationCase("sum", order: 0, [.init(shape)]) {
            $0[0].sum(axes: axes)
        }
        let trace = item.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `a sum of many equal numbers loses nothing`() throws {
        let x = SymbolicTensor.constant(0.1).broadcast(to: [1_000_000])
        let executable = try Executable(Plan(Graph(outputs: [x.sum(), x.mean()])))
        try executable.run()
        // 0.1 is 0.100000001490116 in float32.
        #expect(executable.outputTensor(0).scalars == [100_000])
        #expect(executable.outputTensor(1).scalars == [0.1])
    }

    @Test(arguments: [DType.bfloat16, .int32, .uint8, .bool], [[0], [1], [0, 1], [0, 2]])
    func `reductions of other types`(dtype: DType, axes: [Int]) throws {
        let input = OperationCase.Input([3, 4, 2], .whole(below: 5), dtype: dtype)
        let item = OperationCase(
            "reductions", order: 0, [input],
            outputs: {
                [$0[0].sum(axes: axes), $0[0].max(axes: axes), $0[0].min(axes: axes)]
            })
        let trace = item.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: [[7], [3, 1], [130, 33], [4, 5, 6], [2, 3, 4, 17]], [true, false])
    func `softmax along every axis, of small and of large numbers`(shape: [Int], isLogarithm: Bool)
        throws
    {
        for axis in shape.indices {
            let item = OperationCase("softmax", order: 1, [.init(shape, .between(-90, 90))]) {
                isLogarithm ? $0[0].logSoftmax(axis: axis) : $0[0].softmax(axis: axis)
            }
            let trace = item.traced()
            let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
            #expect(found.isEmpty, "axis \(axis): \(found)")
        }
    }

    @Test func `largest elements that are not numbers`() throws {
        let x = SymbolicTensor.input("x", [4, 3])
        let executable = try Executable(
            Plan(Graph(outputs: [x.max(axes: [1]), x.min(axes: [1]), x.argMax(axis: 1)])))
        let values: [Double] = [1, .nan, 2, -.infinity, 0, .infinity, 5, 5, 5, -1, -2, -3]
        executable.fill(["x": ReferenceTensor(values, shape: [4, 3])])
        try executable.run()
        let (most, least) = (executable.results[0].scalars, executable.results[1].scalars)
        #expect(most[0].isNaN && least[0].isNaN)
        #expect(most[1...] == [.infinity, 5, -1] && least[1...] == [-.infinity, 5, -3])
        #expect(executable.results[2].integers == [1, 2, 0, 0])
    }

    @Test func `top k counts larger predictions, and refuses what is not finite`() throws {
        let predictions = SymbolicTensor.input("p", [5, 4])
        let classes = SymbolicTensor.input("c", [5], dtype: .int32)
        let executable = try Executable(
            Plan(Graph(outputs: [predictions.inTopK(2, classes: classes)])))
        executable.fill([
            "p": ReferenceTensor(
                [
                    0.1, 0.4, 0.3, 0.2,
                    0.4, 0.4, 0.4, 0.1,
                    0.1, .nan, 0.3, 0.2,
                    0.1, 0.4, 0.3, 0.2,
                    0.1, 0.4, 0.3, 0.2,
                ], shape: [5, 4]),
            "c": ReferenceTensor([2, 2, 1, 0, 9], shape: [5]),
        ])
        try executable.run()
        // Third of three equals, still among two: only strictly larger ones count against it.
        #expect(executable.results[0].scalars == [1, 1, 0, 0, 0])
    }
}
