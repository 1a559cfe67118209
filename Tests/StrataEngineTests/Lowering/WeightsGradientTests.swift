import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Gradients of weights over the parts of a batch that the threads have.
@Suite struct WeightsGradientTests {
    private static func network(_ dtype: DType, batch: Int) -> OperationCase {
        OperationCase(
            "network in \(dtype)", order: 1,
            [
                .init([batch, 12, 12, 16]), .init([3, 3, 16, 32]), .init([32]), .init([800, 16]),
                .init([16]),
            ]
        ) { inputs in
            let x = inputs.map { $0.cast(to: dtype) }
            let y = x[0].convolved(with: x[1], bias: x[2], strides: [2, 2]).tanh()
            return y.reshaped([batch, 800]).multiplied(by: x[3], bias: x[4]).cast(to: .float32)
        }
    }

    /// 12 is a batch for two, three and four threads.
    @Test(arguments: [DType.float32, .bfloat16], [12, 13])
    func `the parts add up to the whole`(dtype: DType, batch: Int) throws {
        let trace = Self.network(dtype, batch: batch).traced()
        let found = try differences(trace.gradients, inputs: trace.values)
        #expect(found.isEmpty, "\(found)")
        let plan = try Plan(Graph(outputs: trace.gradients))
        let divided = plan.steps.filter { step in
            step.kernel is PartitionedPrimitive
        }
        let threads = Threads.count
        if batch == 13 || threads == 1 || threads > 4 {
            #expect(divided.isEmpty)
        } else if dtype == .float32,
            // Matrix products, which oneDNN takes with older instructions, have no barrier.
            !plan.steps.contains(where: { Implementation(name: $0.implementation).isGEMM })
        {
            // Which of the two depends on the instructions that the processor has.
            #expect(!divided.isEmpty, "\(plan)")
        }
    }

    /// Many weights cost more to add up than is won.
    @Test func `the weights of wide layers are one primitive's`() throws {
        let operation = OperationCase("wide", order: 1, [.init([12, 1024]), .init([1024, 1024])]) {
            $0[0].multiplied(by: $0[1])
        }
        let plan = try Plan(Graph(outputs: operation.traced().gradients))
        #expect(!plan.steps.contains { $0.name == "sum of parts" })
    }

    /// What is computed once is complete before the first run, and is not added to by the next.
    @Test func `the parts of constants are added up once`() throws {
        let rows = SymbolicTensor.constant(Tensor(repeating: 2, shape: [12, 3]))
        let gradient = SymbolicTensor.constant(Tensor(repeating: 3, shape: [12, 8]))
        let backward = try Operation(name: "innerProductBackwardWeights")
        let weights = SymbolicTensor.applying(backward, [rows, gradient])[0]
        let executable = try Executable(Plan(Graph(outputs: [weights.transposed([1, 0]) + 1])))
        for _ in 0..<2 {
            try executable.run()
            #expect(executable.results[0].allClose(Tensor(repeating: 73, shape: [8, 3])))
        }
    }
}
