import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// The table of operations on the engine, against the reference interpreter.
@Suite struct OperationLoweringTests {
    @Test(arguments: OperationCases.all)
    func `the engine computes what the definition says`(item: OperationCase) throws {
        let trace = item.traced()
        let found = try differences(trace.outputs, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: OperationCases.all.filter { $0.order > 0 })
    func `the engine computes the gradient with the result`(item: OperationCase) throws {
        let trace = item.traced()
        let found = try differences(trace.outputs + trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: OperationCases.all.filter { $0.order > 1 })
    func `the engine computes the gradient's gradient`(item: OperationCase) throws {
        let trace = item.traced()
        let second = trace.secondLoss.gradients(withRespectTo: trace.secondSources.map(\.tensor))
        let found = try differences(second, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
    }
}
