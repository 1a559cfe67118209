import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// Dropout's mask belongs to places, steps and keys, and to nothing else.
@Suite struct DropoutLoweringTests {
    private static func dropout(_ x: SymbolicTensor, _ step: SymbolicTensor) -> SymbolicTensor {
        .apply(.dropout(Dropout(rate: 0.25, key: 0x1234_5678_9ABC)), x, step)
    }

    private static let step = SymbolicTensor.constant(Tensor([Int32(3)], shape: []))

    /// Multiples of 16, of 4, and odd ones: layouts whose runs of four are runs of four, or are not.
    @Test(arguments: [1, 3, 4, 8, 16, 17, 18, 32, 48], [[5, 6], [7], [3, 2, 4]])
    func `the mask does not depend on the layout`(channels: Int, size: [Int]) throws {
        let item = OperationCase(
            "dropout", order: 1,
            [.init([2] + size + [3]), .init(size.map { _ in 1 } + [3, channels])]
        ) { Self.dropout($0[0].convolved(with: $0[1]), Self.step) }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `the gradient is 0 exactly where the mask is`() throws {
        let x = SymbolicTensor.input("x", [2, 6, 6, 3])
        let kernel = SymbolicTensor.input("kernel", [3, 3, 3, 16])
        let image = x.convolved(with: kernel)
        let y = Self.dropout(image, Self.step)
        let head = y.reshaped([2, 4 * 4 * 16]).multiplied(by: .input("w", [256, 5]))
        let gradient = head.square().sum().gradients(withRespectTo: [image])[0]
        let executable = try Executable(Plan(Graph(outputs: [y, gradient])))
        var generator = SplitMix(seed: 1)
        func drawn(_ shape: [Int]) -> ReferenceTensor {
            ReferenceTensor(
                (0..<shape.reduce(1, *)).map { _ in .random(in: 0.1...1, using: &generator) },
                shape: shape)
        }
        executable.fill([
            "x": drawn([2, 6, 6, 3]), "kernel": drawn([3, 3, 3, 16]), "w": drawn([256, 5]),
        ])
        try executable.run()
        let (mask, back) = (executable.results[0].scalars, executable.results[1].scalars)
        #expect(mask.map { $0 == 0 } == back.map { $0 == 0 })
        // 512 draws of probability ¼: 128 ± 5 · √(512 · ¼ · ¾).
        #expect((79...177).contains(mask.filter { $0 == 0 }.count))
    }

    @Test(arguments: [Float(0.1), 0.5, 0.9])
    func `as many are dropped as the rate says, and the mean stays`(rate: Float) throws {
        let count = 100_000
        let x = SymbolicTensor.constant(1).broadcast(to: [count])
        let y = SymbolicTensor.apply(.dropout(Dropout(rate: rate, key: 7)), x, Self.step)
        let executable = try Executable(Plan(Graph(outputs: [y])))
        try executable.run()
        let values = executable.outputTensor(0).scalars
        // Five standard deviations of a binomial distribution.
        let deviation = 5 * (Float(count) * rate * (1 - rate)).squareRoot()
        #expect(abs(Float(values.filter { $0 == 0 }.count) - rate * Float(count)) < deviation)
        #expect(Set(values) == [0, 1 / (1 - rate)])
    }

    @Test func `other steps and keys give other masks, the same ones the same`() throws {
        let count = Variable("count", kind: .seed, value: Tensor([Int32(0)], shape: []))
        let step = SymbolicTensor.variable(count)
        let one = SymbolicTensor.constant(Tensor([Int32(1)], shape: []))
        let x = SymbolicTensor.constant(1).broadcast(to: [64])
        let outputs = [5, 5, 6].map { (key: UInt64) in
            SymbolicTensor.apply(.dropout(Dropout(rate: 0.5, key: key)), x, step)
        }
        let executable = try Executable(
            Plan(Graph(outputs: outputs, updates: [(count, step + one)])))
        var seen: Set<[Float]> = []
        for _ in 0..<4 {
            try executable.run()
            #expect(executable.outputTensor(0) == executable.outputTensor(1))
            seen.insert(executable.outputTensor(0).scalars)
            seen.insert(executable.outputTensor(2).scalars)
        }
        #expect(seen.count == 8)
        try count.assign(Tensor([Int32(0)], shape: []))
        try executable.run()
        #expect(seen.contains(executable.outputTensor(0).scalars))
    }
}
