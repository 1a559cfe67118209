import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// Batch normalization of random shapes on the engine, against the reference interpreter.
@Suite struct BatchNormalizationLoweringTests {
    struct Setting: Sendable, CustomStringConvertible {
        let shape: [Int]
        let isGiven: Bool
        let isConvolved: Bool
        let hasRelu: Bool

        var description: String {
            "\(shape)\(isGiven ? ", by averages" : "")\(isConvolved ? ", convolved" : "")"
                + (hasRelu ? ", relu" : "")
        }

        init(seed: UInt64) {
            var generator = SplitMix(seed: seed)
            let rank = generator.pick([0, 1, 2, 2, 2, 3])
            shape =
                [generator.pick([3, 4])] + (0..<rank).map { _ in generator.pick([1, 2, 3, 4]) }
                + [generator.pick([1, 2, 3, 8, 16, 17, 32])]
            isGiven = generator.pick([true, false, false])
            isConvolved = rank > 0 && generator.pick([true, false])
            hasRelu = generator.pick([true, false])
        }

        func operationCase(_ dtype: DType = .float32) -> OperationCase {
            let channels = [shape[shape.count - 1]]
            let kernel = Array(repeating: 1, count: max(shape.count - 2, 0)) + channels + channels
            let inputs: [OperationCase.Input] = [
                .init(shape, .between(-1, 2)), .init(channels, .between(0.5, 2)), .init(channels),
                .init(channels, hasGradient: false),
                .init(channels, .between(0.5, 2), hasGradient: false),
            ]
            let normalization = BatchNormalization(epsilon: 1e-3, usesGivenStatistics: isGiven)
            return OperationCase(
                description, order: 1, inputs + (isConvolved ? [.init(kernel)] : [])
            ) {
                let x = $0[0].cast(to: dtype)
                let image = isConvolved ? x.convolved(with: $0[5].cast(to: dtype)) : x
                let y = SymbolicTensor.applying(
                    .batchNormalization(normalization),
                    [image] + $0[1...(isGiven ? 4 : 2)])[0].cast(to: .float32)
                return hasRelu ? y.relu() : y
            }
        }
    }

    private static let settings = (1...70).map { Setting(seed: $0) }

    @Test(arguments: settings)
    func `batch normalization, with and without gradients`(setting: Setting) throws {
        let trace = setting.operationCase().traced()
        let forward = try differences(trace.outputs, inputs: trace.values)
        #expect(forward.isEmpty, "\(forward)")
        let all = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(all.isEmpty, "\(all)")
    }

    @Test(arguments: settings.filter { !$0.hasRelu })
    func `batch normalization in bfloat16`(setting: Setting) throws {
        let trace = setting.operationCase(.bfloat16).traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `moving averages follow the batch's statistics`() throws {
        let mean = Variable("mean", value: Tensor([1, 2, 3]))
        let variance = Variable("variance", value: Tensor([1, 1, 1]))
        let gamma = Variable("gamma", value: Tensor([1, 2, 1]))
        let beta = Variable("beta", value: Tensor([0, 1, 0]))
        let x = SymbolicTensor.input("x", [4, 2, 2, 3])
        let results = SymbolicTensor.applying(
            .batchNormalization(BatchNormalization(epsilon: 1e-3, usesGivenStatistics: false)),
            [x, .variable(gamma), .variable(beta)])
        var generator = SplitMix(seed: 5)
        let values = (0..<48).map { _ in Double(Float.random(in: -1...1, using: &generator)) }
        let found = try differences(
            [results[0]],
            updates: [
                (mean, .variable(mean) * 0.9 + results[1] * 0.1),
                (variance, .variable(variance) * 0.9 + results[2] * 0.1),
            ], inputs: ["x": ReferenceTensor(values, shape: [4, 2, 2, 3])])
        #expect(found.isEmpty, "\(found)")
    }

    /// More positions than a loop sums at a time, far from 0: the sum of squares must not lose the
    /// variance's digits.
    @Test(arguments: [1, 8, 20, 48], [DType.float32, .bfloat16])
    func `statistics of many numbers far from 0`(channels: Int, dtype: DType) throws {
        let shape = [3, 37, 41, channels]
        var generator = SplitMix(seed: 7)
        let x = Tensor(
            (0..<shape.reduce(1, *)).map { _ in Float.random(in: 99...101, using: &generator) },
            shape: shape
        ).cast(to: dtype)
        let one = SymbolicTensor.constant(Tensor(Array(repeating: Float(1), count: channels)))
        let results = SymbolicTensor.applying(
            .batchNormalization(BatchNormalization(epsilon: 0, usesGivenStatistics: false)),
            [.constant(x), one, one])
        let executable = try Executable(Plan(Graph(outputs: Array(results[1...]))))
        try executable.run()
        let numbers = x.scalars.map(Double.init)
        for channel in 0..<channels {
            let own = stride(from: channel, to: numbers.count, by: channels).map { numbers[$0] }
            let mean = own.reduce(0, +) / Double(own.count)
            let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
            // Sums in double: the mean is rounded once, by 2⁻²⁴ = 6e-8. The variance is 1/3 of numbers around 100, whose
            // squares would lose all in float32.
            #expect(abs(Double(executable.outputTensor(0).scalars[channel]) / mean - 1) < 1e-7)
            #expect(
                abs(Double(executable.outputTensor(1).scalars[channel]) / variance - 1) < 1e-6)
        }
    }
}
