import StrataGraph
import StrataTestSupport
import Synchronization
import Testing

@testable import StrataEngine

/// Functions outside of the engine as steps of a plan.
@Suite struct HostCallTests {
    /// Each element of `bfloat16` doubled, and whether it is above 0, as bytes of any size.
    private static let doubled = HostFunction(
        "doubled", inputs: [TensorType([6], .bfloat16)],
        outputs: [TensorType([6], .bfloat16), TensorType([6], .bool)]
    ) { inputs, outputs in
        guard let x = inputs[0]?.assumingMemoryBound(to: UInt16.self),
            let y = outputs[0]?.assumingMemoryBound(to: UInt16.self),
            let isPositive = outputs[1]?.assumingMemoryBound(to: UInt8.self)
        else { return false }
        for index in 0..<6 {
            let value = Float(bitPattern: UInt32(x[index]) << 16)
            y[index] = Tensor.bfloat16Bits(2 * value)
            isPositive[index] = value > 0 ? 200 : 0
        }
        return true
    }

    private static func graph() throws -> Graph {
        let x = SymbolicTensor.input("x", [6])
        let results = SymbolicTensor.applying(
            .hostCall(HostCall(doubled)), [(x * 2).cast(to: .bfloat16)])
        return try Graph(outputs: [results[0].cast(to: .float32) + 1, results[1]])
    }

    @Test(arguments: [false, true])
    func `types are those of the function, also without bfloat16`(isWide: Bool) throws {
        let graph = isWide ? try Self.graph().computedInFloat32() : try Self.graph()
        let executable = try Executable(Plan(graph))
        executable.feed(0, Tensor([-1, 0, 1, 2, 3, 4]))
        try executable.run()
        #expect(executable.results[0].scalars == [-3, 1, 5, 9, 13, 17])
        #expect(executable.results[1].scalars == [0, 0, 1, 1, 1, 1])
        #expect(executable.plan.steps.contains { $0.implementation == "host" })
    }

    @Test func `the reference calls the function too`() throws {
        let values = ReferenceTensor([-1, 0, 1, 2, 3, 4], shape: [6])
        let results = try ReferenceInterpreter(Self.graph(), inputs: ["x": values]).outputs
        #expect(results[0].values == [-3, 1, 5, 9, 13, 17])
        #expect(results[1].values == [0, 0, 1, 1, 1, 1])
    }

    @Test(arguments: [false, true])
    func `an override is its first input in a plan`(joins: Bool) throws {
        let rule = GradientRule("rule") { _, arrived in [arrived[0], nil] }
        let x = SymbolicTensor.input("x", [4])
        let squares = x.square()
        let override = SymbolicTensor.applying(
            .gradientOverride(GradientOverride(rule)), [squares, x])[0]
        let graph = try Graph(outputs: [override.relu() + squares])
        let executable = try Executable(Plan(graph, joins: joins))
        executable.feed(0, Tensor([1, 2, 3, 4]))
        try executable.run()
        #expect(executable.results[0].scalars == [2, 8, 18, 32])
        if joins { #expect(executable.plan.steps.count == 1) }
    }
}
