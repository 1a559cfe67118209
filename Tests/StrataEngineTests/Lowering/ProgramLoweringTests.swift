import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Elementwise operations, alone and joined, against the reference interpreter.
@Suite struct ProgramLoweringTests {
    private static func run(_ outputs: [SymbolicTensor], _ inputs: [String: Tensor] = [:]) throws
        -> [Tensor]
    {
        let executable = try Executable(Plan(Graph(outputs: outputs)))
        executable.fill(inputs.mapValues { ReferenceTensor($0) })
        try executable.run()
        return executable.results
    }

    // MARK: Functions

    private static let specials: [Float] = [
        0, -0.0, 1, -1, 0.5, -0.5, 1e-3, -1e-3, 0.3, -0.3, 0.29999998, 1e-30, -1e-30, 88, -88, 89,
        -89, 90, 100, -100, -103, -105, 1e4, -1e4, 1e10, 3e38, -3e38, 1e-38, 0x1p-133, .infinity,
        -.infinity, .nan,
    ]

    /// Four units in the last place of the result, or of 1 where the function is exact near 1 only, and
    /// numbers below the normal ones, which may be taken for 0.
    @Test(arguments: UnaryFunction.allCases)
    func `functions of one number are good to four units in the last place`(
        function: UnaryFunction
    ) throws {
        var generator = SplitMix(seed: 3)
        let few = (0..<2000).map { _ in Float.random(in: -10...10, using: &generator) }
        let many = (0..<500).map { _ in Float.random(in: -100...100, using: &generator) }
        let values = Self.specials + few + many
        let x = SymbolicTensor.input("x", [values.count])
        let y = SymbolicTensor.apply(.unary(function), x)
        let expected = try ReferenceInterpreter(
            Graph(outputs: [y]), inputs: ["x": ReferenceTensor(Tensor(values))]
        ).outputs[0]
        let got = try Self.run([y], ["x": Tensor(values)])[0].scalars
        for ((value, got), exact) in zip(zip(values, got), expected.values) {
            let nearest = Float(exact)
            let isLarge = abs(value) > 1e4 && (function == .sin || function == .cos)
            let error = abs(Double(got) - exact)
            let allowed = max(4 * Double(nearest.ulp), 0x1p-126)
            #expect(
                got == nearest || (got.isNaN && nearest.isNaN) || error <= allowed || isLarge,
                "\(function) of \(value) is \(got), expected \(nearest)")
        }
    }

    @Test(arguments: BinaryFunction.allCases)
    func `functions of two numbers treat what is not a number as such`(function: BinaryFunction)
        throws
    {
        let values = Self.specials
        let a = SymbolicTensor.input("a", [values.count, 1])
        let b = SymbolicTensor.input("b", [values.count])
        let y = SymbolicTensor.apply(.binary(function), a, b)
        let inputs = ["a": Tensor(values, shape: [values.count, 1]), "b": Tensor(values)]
        let expected = try ReferenceInterpreter(
            Graph(outputs: [y]), inputs: inputs.mapValues { ReferenceTensor($0) }
        ).outputs[0]
        let got = try Self.run([y], inputs)[0].scalars
        for (place, (got, exact)) in zip(got, expected.values).enumerated() {
            let nearest = Float(exact)
            let error = abs(Double(got) - exact)
            #expect(
                got == nearest || (got.isNaN && nearest.isNaN)
                    || error <= max(4 * Double(nearest.ulp), 0x1p-126),
                """
                \(function) of \(values[place / values.count]) and \(values[place % values.count]) \
                is \(got), expected \(nearest)
                """)
        }
    }

    // MARK: Types

    private static let pairs = DType.allCases.flatMap { from in DType.allCases.map { (from, $0) } }

    @Test(arguments: pairs)
    func `a cast is the host's cast`(from: DType, to: DType) throws {
        let numbers: [Float] = [
            0, 1, 2, 2.5, 3.5, -1, -1.5, 0.49, 0.99, 100.7, 127, 254.9, 255, 256, 300, -300, 1e9,
            3e9, -3e9, 0.1, 1.0039, 3.14159, .nan, .infinity, -.infinity,
        ]
        let source = Tensor(numbers).cast(to: from)
        let x = SymbolicTensor.input("x", [numbers.count], dtype: from)
        let y = x.cast(to: to)
        let executable = try Executable(Plan(Graph(outputs: [y])))
        source.withUnsafeBytes { executable.input(0).copyMemory(from: $0) }
        try executable.run()
        let got = executable.outputTensor(0)
        let expected = source.cast(to: to)
        #expect(got.dtype == to)
        for (place, (got, expected)) in zip(got.scalars, expected.scalars).enumerated() {
            #expect(
                got == expected || (got.isNaN && expected.isNaN),
                "\(source.scalars[place]) became \(got), expected \(expected)")
        }
    }

    @Test func `bfloat16 in between rounds to nearest where it is stored`() throws {
        let values: [Float] = [1.00390625, 1.01171875, 3.14159, -2.71828, 1e-3]
        let x = SymbolicTensor.input("x", [5])
        let half = x.cast(to: .bfloat16)
        let got = try Self.run([half], ["x": Tensor(values)])[0]
        #expect(got == Tensor(values).cast(to: .bfloat16))
    }

    // MARK: Shapes

    /// Around the size of a block, and above what one thread takes.
    @Test(arguments: [1, 2, 511, 512, 513, 1023, 1024, 4096, 4097, 10_000])
    func `programs go to the end, and not over it`(count: Int) throws {
        let item = OperationCase("program", order: 1, [.init([count]), .init([1]), .init([])]) {
            ($0[0] * $0[1]).tanh() * 2 + $0[2]
        }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: [
        [[3, 700], [3, 1]], [[3, 700], [700]], [[2, 3, 4, 50], [3, 1, 50]], [[40, 1], [1, 40]],
        [[2, 1, 2, 1, 2, 1, 2], [1, 3, 1, 3, 1, 3, 1]], [[1500, 3], [3]], [[1, 5], [600, 1]],
        [[2, 2, 2, 2, 2, 2, 2, 2], [2, 1, 2, 1, 2, 1, 2, 1]],
    ])
    func `broadcasting repeats after NumPy's rule`(shapes: [[Int]]) throws {
        let item = OperationCase(
            "broadcast", order: 1, [.init(shapes[0]), .init(shapes[1]), .init(shapes[1])]
        ) { ($0[0] + $0[1]) * $0[2] - $0[1] }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    /// Behind a convolution of eight images, whose channels lie in blocks; those of small images are
    /// shorter than what a program does at a time, those of the others longer.
    @Test(
        arguments: [
            [32], [8, 1, 1, 32], [8, 1, 1, 1], [1, 3, 1, 32], [3, 1, 1], [8, 3, 1, 1],
        ], [4, 24])
    func `broadcasting follows a blocked layout`(shape: [Int], width: Int) throws {
        let item = OperationCase(
            "broadcast", order: 0,
            [.init([8, 3, width, 16]), .init([1, 1, 16, 32]), .init(shape), .init(shape)]
        ) { $0[0].convolved(with: $0[1]) * $0[2] + $0[3] }
        let trace = item.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
        let plan = try Plan(Graph(outputs: trace.outputs))
        let program = plan.steps.first { $0.name == "multiply+add" }
        // Blocks of 16 with AVX-512, of 8 with less.
        #expect(program?.note.contains("aDbc") == true, "\(plan)")
    }

    @Test func `more operands than one program takes`() throws {
        let inputs = (0..<150).map { _ in OperationCase.Input([7]) }
        let item = OperationCase("many", order: 0, inputs) { x in
            x.reduce(.constant(0)) { $0 * 0.5 + $1.square() }
        }
        let trace = item.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `many operands that are all results as well`() throws {
        let inputs = (0..<40).map { _ in OperationCase.Input([7]) }
        let item = OperationCase(
            "many", order: 0, inputs,
            outputs: { x in
                var sums = [x[0]]
                for next in x.dropFirst() { sums.append(sums[sums.count - 1] * 0.5 + next) }
                return sums
            })
        let trace = item.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `a choice of three operands at every node`() throws {
        let inputs = (0..<80).map { _ in OperationCase.Input([7]) }
        let item = OperationCase(
            "many", order: 0, inputs,
            outputs: { x in
                var chosen = [x[0]]
                for pair in stride(from: 0, to: 80, by: 2) {
                    chosen.append(x[pair].select(x[pair + 1], chosen[chosen.count - 1]) * 0.75)
                }
                return chosen
            })
        let trace = item.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `any number of axes where nothing is repeated`() throws {
        let shape = Array(repeating: 1, count: 9) + [3, 2]
        let item = OperationCase("deep", order: 1, [.init(shape), .init(shape), .init([])]) {
            ($0[0] * $0[1] + $0[2]).tanh()
        }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test func `more axes than loops know are an error`() throws {
        let x = SymbolicTensor.input("x", Shape(Array(repeating: 2, count: 9)))
        let y = SymbolicTensor.input("y", [2])
        for tensor in [x + y, x.transposed([1, 0] + Array(2..<9))] {
            let error = #expect(throws: EngineError.self) { try Plan(Graph(outputs: [tensor])) }
            #expect(
                error?.description
                    == "a tensor of 9 axes was given; at most 8 are possible; reshape it to fewer")
        }
    }

    // MARK: Padded layouts

    /// Three filters lie in blocks of 8 or 16, with elements between the data that are none.
    @Test(arguments: [
        "exp", "cosine", "quotient", "quotient times the image", "reciprocal", "comparison",
        "power",
        "plus one", "logarithm", "random",
    ])
    func `what is not data stays out of the result`(kind: String) throws {
        let item = OperationCase(
            kind, order: 1,
            [.init([2, 5, 5, 16]), .init([3, 3, 16, 3]), .init([3, 3, 3, 16]), .init([3])]
        ) {
            let y = $0[0].convolved(with: $0[1])
            let z = y * 0.5 + 3
            let middle: SymbolicTensor =
                switch kind {
                case "exp": y.exp()
                case "cosine": y.cos()
                case "quotient":
                    y
                        / (y * 0.001
                            + y.convolved(
                                with: $0[2].sliced(
                                    from: [0, 0, 0, 0], sizes: [1, 1, 3, 3])
                            ).square() + 1)
                case "quotient times the image": (z / (y.square() + 1)) / z * y
                case "reciprocal": (y.square() + 0.5).reciprocal()
                case "comparison": y.lessOrEqual(to: 0.25) * 2
                case "power": (y.absolute() + 0.1).power(0.5)
                case "plus one": y + 1
                case "logarithm": (y.square() + 0.5).log()
                default:
                    y
                        + .apply(
                            .randomUniform(RandomUniform(shape: [2, 3, 3, 3], key: 3)),
                            .constant(Tensor([Int32(2)], shape: [])))
                }
            return middle.convolved(with: $0[2], padding: .same)
        }
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }
}
