import StrataGraph
import StrataTestSupport
import Testing

/// Gradients of all operations, against finite differences on the reference interpreter.
@Suite struct OperationTests {
    /// The measured gradient is good to about 1e-9 of the loss, which is at most some hundreds here;
    /// constants in gradient rules are `float32` and good to 6e-8.
    private static let tolerance = 1e-6

    @Test(arguments: OperationCases.all)
    func `the inferred type is that of the result`(item: OperationCase) throws {
        // The interpreter refuses a result whose shape is not the inferred one.
        let trace = item.traced()
        let run = try ReferenceInterpreter(Graph(outputs: trace.outputs), inputs: trace.values)
        #expect(try run.outputs.count == trace.outputs.count)
    }

    @Test(arguments: OperationCases.all.filter { $0.order > 0 })
    func `the gradient is what finite differences measure`(item: OperationCase) throws {
        let trace = item.traced()
        let computed = try ReferenceInterpreter(
            Graph(outputs: trace.gradients), inputs: trace.values
        ).outputs
        let measured = try FiniteDifferences.gradients(
            of: Graph(outputs: [trace.loss]), inputs: trace.values,
            withRespectTo: trace.sources.map(\.name))
        for (number, (computed, measured)) in zip(computed, measured).enumerated() {
            let difference = computed.largestDifference(from: measured)
            #expect(difference <= Self.tolerance * measured.scale, "input \(number)")
        }
        #expect(!trace.sources.isEmpty)
    }

    @Test(arguments: OperationCases.all.filter { $0.order > 1 })
    func `the gradient's gradient is what finite differences measure`(item: OperationCase) throws {
        let trace = item.traced(seed: 2)
        let second = trace.secondLoss.gradients(withRespectTo: trace.secondSources.map(\.tensor))
        let computed = try ReferenceInterpreter(Graph(outputs: second), inputs: trace.values)
            .outputs
        let measured = try FiniteDifferences.gradients(
            of: Graph(outputs: [trace.secondLoss]), inputs: trace.values,
            withRespectTo: trace.secondSources.map(\.name))
        for ((computed, measured), source) in zip(zip(computed, measured), trace.secondSources) {
            let difference = computed.largestDifference(from: measured)
            #expect(difference <= Self.tolerance * measured.scale, "\(source.name)")
        }
    }

    @Test func `the table has every operation`() throws {
        var names: Set<String> = []
        for item in OperationCases.all {
            let trace = item.traced()
            let graph = try Graph(outputs: trace.outputs + trace.gradients)
            names.formUnion(graph.nodes.map(\.operation.name))
        }
        let leaves: Set = ["input", "variable", "constant"]
        #expect(names.subtracting(leaves) == Set(Operation.names).subtracting(leaves))
    }
}
