import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Poolings of random windows on the engine, against the reference interpreter.
@Suite struct PoolingLoweringTests {
    struct Setting: Sendable, CustomStringConvertible {
        let image: [Int]
        let pooling: Pooling
        /// Whether the image comes out of a convolution, in the layout that this likes.
        let isConvolved: Bool

        var description: String {
            let window = pooling.window.map { "\($0.size) by \($0.strides), \($0.padding)" }
            return "\(pooling.kind) of \(image), \(window ?? "global")"
                + (isConvolved ? ", convolved" : "")
        }

        init(seed: UInt64) {
            var generator = SplitMix(seed: seed)
            let rank = generator.pick([1, 2, 2, 2, 3])
            let size = (0..<rank).map { _ in generator.pick([1, 2, 2, 3, 4]) }
            let padding = generator.pick([Padding.valid, .same])
            let lengths = size.map { $0 + generator.pick([0, 1, 2, 3, 4]) }
            let window = Window(
                size: size, strides: size.map { _ in generator.pick([1, 2, 3, 4]) },
                padding: padding)
            pooling = Pooling(
                kind: generator.pick([.maximum, .average]),
                window: generator.pick([window, window, window, nil]))
            isConvolved = generator.pick([true, false])
            image =
                [generator.pick([1, 2, 3])] + lengths + [generator.pick([1, 2, 3, 8, 16, 17, 32])]
        }

        func operationCase(_ dtype: DType = .float32) -> OperationCase {
            let channels = image[image.count - 1]
            let kernel = Array(repeating: 1, count: image.count - 2) + [channels, channels]
            let inputs: [OperationCase.Input] =
                isConvolved
                ? [.init(image), .init(kernel)] : [.init(image, .distinct(shift: 0))]
            return OperationCase(description, order: 1, inputs) {
                let x = $0.map { $0.cast(to: dtype) }
                let y = isConvolved ? x[0].convolved(with: x[1]) : x[0]
                return SymbolicTensor.apply(.pooling(pooling), y).cast(to: .float32)
            }
        }
    }

    private static let settings = (1...90).map { Setting(seed: $0) }

    @Test(arguments: settings)
    func `poolings, with and without gradients`(setting: Setting) throws {
        let trace = setting.operationCase().traced()
        let forward = try differences(trace.outputs, inputs: trace.values)
        #expect(forward.isEmpty, "\(forward)")
        let all = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(all.isEmpty, "\(all)")
    }

    /// Not where bfloat16 makes numbers equal, since then another of them may be the largest.
    @Test(arguments: settings.filter { $0.pooling.kind == .average })
    func `average poolings in bfloat16`(setting: Setting) throws {
        let trace = setting.operationCase(.bfloat16).traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `of equal largest elements the first gets the gradient`() throws {
        let x = SymbolicTensor.input("x", [1, 4, 4, 1])
        let gradient = x.maxPooled([2, 2]).sum().gradients(withRespectTo: [x])[0]
        let values = ReferenceTensor(repeating: 1, shape: [1, 4, 4, 1])
        let executable = try Executable(Plan(Graph(outputs: [gradient])))
        executable.fill(["x": values])
        try executable.run()
        #expect(
            executable.outputTensor(0).scalars == [
                1, 0, 1, 0,
                0, 0, 0, 0,
                1, 0, 1, 0,
                0, 0, 0, 0,
            ])
    }

    @Test func `two poolings of one image keep their own workspace`() throws {
        let item = OperationCase(
            "two poolings", order: 1, [.init([2, 6, 6, 16], .distinct(shift: 0))]
        ) {
            let wide = $0[0].maxPooled([3, 3], strides: [2, 2], padding: .same)
            let narrow = $0[0].maxPooled([2, 2]) * 3
            return wide + narrow
        }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// k + k comparisons instead of k · k; with a gradient, which needs the position in the whole window, one step.
    @Test(arguments: [
        ([9, 11], [5, 5], [1, 1], Padding.same), ([20, 17], [13, 13], [1, 1], .same),
        ([12, 10], [3, 7], [2, 1], .valid), ([6, 7, 8], [3, 3, 3], [1, 2, 1], .same),
        ([9, 8, 7], [1, 4, 4], [2, 1, 3], .valid),
    ])
    func `maxima of large windows are found along one axis after the other`(
        image: [Int], size: [Int], strides: [Int], padding: Padding
    ) throws {
        for channels in [3, 16] {
            let operation = OperationCase(
                "pooling", order: 1, [.init([2] + image + [channels], .distinct(shift: 0))]
            ) { $0[0].maxPooled(size, strides: strides, padding: padding) }
            let trace = operation.traced()
            let found = try differences(trace.outputs, inputs: trace.values)
            #expect(found.isEmpty, "\(found)")
            let axes = zip(size, strides).count { $0 > 1 || $1 > 1 }
            let forward = try Plan(Graph(outputs: trace.outputs))
            #expect(forward.steps.count { $0.implementation == "strata:pooling" } == axes)
            let all = try differences(trace.outputs + trace.gradients, inputs: trace.values)
            #expect(all.isEmpty, "\(all)")
            let both = try Plan(Graph(outputs: trace.outputs + trace.gradients))
            #expect(both.steps.count { $0.implementation == "strata:pooling" } == 2)
        }
    }

    /// Windows that leave gaps, or edges, or reach over them; layouts in blocks and with channels last.
    @Test(
        arguments: [(Pooling.Kind.maximum, Padding.valid), (.maximum, .same), (.average, .same)],
        [([2, 2], [2, 2]), ([3, 2], [3, 4]), ([1, 3], [2, 3]), ([3, 3], [2, 2])])
    func `maxima, and averages of windows that do not overlap, are a loop of our own`(
        kind: (Pooling.Kind, Padding), window: ([Int], [Int])
    ) throws {
        for (channels, isConvolved) in [(5, false), (8, false), (40, false), (32, true), (6, true)]
        {
            let operation = OperationCase(
                "pooling", order: 1,
                [
                    .init([2, 9, 11, channels], .distinct(shift: 0)),
                    .init([1, 1, channels, channels]),
                ]
            ) { inputs in
                let image = isConvolved ? inputs[0].convolved(with: inputs[1]) : inputs[0]
                let made = Window(size: window.0, strides: window.1, padding: kind.1)
                return .apply(.pooling(Pooling(kind: kind.0, window: made)), image)
            }
            let trace = operation.traced()
            let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
            #expect(found.isEmpty, "\(channels) channels: \(found)")
            let plan = try Plan(Graph(outputs: trace.outputs + trace.gradients))
            let own = plan.steps.count { $0.implementation == "strata:pooling" }
            let overlaps = zip(window.0, window.1).contains { $0 > $1 }
            // With older instructions oneDNN wants other layouts for averages than the image's.
            if Processor.hasAVX512 || kind.0 == .maximum || overlaps {
                #expect(own == (kind.0 == .average && overlaps ? 0 : 2), "\(plan)")
            }
        }
    }
}
