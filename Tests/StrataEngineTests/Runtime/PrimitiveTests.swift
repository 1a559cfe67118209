import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Primitives of plans that come and go.
@Suite struct PrimitiveTests {
    /// A convolution with its activation in one primitive, and values that the activation changes.
    private static func graph(filters: Int) throws -> Graph {
        let x = SymbolicTensor.constant(values([1, 6, 6, 1]))
        let w = SymbolicTensor.input("w", [3, 3, 1, filters])
        return try Graph(outputs: [x.convolved(with: w).relu()])
    }

    private static func values(_ shape: [Int]) -> Tensor {
        Tensor(sample(shape.reduce(1, *)), shape: shape)
    }

    private static func run(_ plan: Plan, filters: Int) throws -> Tensor {
        let executable = try Executable(plan)
        executable.feed(0, values([3, 3, 1, filters]))
        try executable.run()
        return executable.outputTensor(0)
    }

    /// Between planning and running, as many others come and go as oneDNN keeps in its cache, and more.
    @Test func `a primitive has its activation, whatever is made and freed before`() throws {
        let expected = try Self.run(Plan(Self.graph(filters: 16)), filters: 16)
        #expect(expected.scalars.allSatisfy { $0 >= 0 } && expected.scalars.contains(0))
        let plan = try Plan(Self.graph(filters: 16))
        for filters in 17..<1100 {
            _ = try Self.run(Plan(Self.graph(filters: filters)), filters: filters)
        }
        #expect(try Self.run(plan, filters: 16) == expected)
    }

    @Test func `executables of a plan share its primitives`() throws {
        let filters = 16
        let plan = try Plan(Self.graph(filters: filters))
        let descriptor = try #require(
            plan.steps.lazy.compactMap { $0.kernel as? Primitive }.first?.descriptor)
        let first = try descriptor.primitive()
        _ = try Self.run(plan, filters: filters)
        #expect(try descriptor.primitive() == first)
    }
}
