import StrataGraph
import StrataTestSupport
import Testing

/// The moments of a batch and its normalization as two operations, as Keras writes them.
@Suite struct SharedStatisticsTests {
    private struct Batch {
        let x = SymbolicTensor.input("x", [4, 3, 3, 5]).square()
        let gamma = SymbolicTensor.input("gamma", [5])
        let beta = SymbolicTensor.input("beta", [5])
        let moments: [SymbolicTensor]

        init() {
            let ones = SymbolicTensor.constant(1).broadcast(to: [5])
            let zeros = SymbolicTensor.constant(0).broadcast(to: [5])
            moments = SymbolicTensor.applying(
                .batchNormalization(BatchNormalization(epsilon: 0, usesGivenStatistics: false)),
                [x, ones, zeros])
        }

        /// Normalized by the moments.
        var normalized: SymbolicTensor {
            .apply(
                .batchNormalization(BatchNormalization(epsilon: 0.1, usesGivenStatistics: true)), x,
                gamma, beta, moments[1], moments[2])
        }
    }

    private static func normalizations(_ graph: Graph) -> Int {
        graph.nodes.count { node in
            if case .batchNormalization = node.operation { true } else { false }
        }
    }

    private static var values: [String: ReferenceTensor] {
        var generator = SplitMix(seed: 8)
        func drawn(_ shape: [Int]) -> ReferenceTensor {
            let values = (0..<shape.reduce(1, *)).map { _ in
                Double.random(in: -1...1, using: &generator)
            }
            return ReferenceTensor(values, shape: shape)
        }
        return ["x": drawn([4, 3, 3, 5]), "gamma": drawn([5]), "beta": drawn([5])]
    }

    @Test(arguments: [false, true])
    func `one normalization is left, wherever its result is needed first`(isFirst: Bool) throws {
        let batch = Batch()
        let statistics = [batch.moments[1] * 2, batch.moments[2] + 1]
        let y = batch.normalized.relu()
        let outputs = isFirst ? [y] + statistics : statistics + [y]
        let graph = try Graph(outputs: outputs)
        #expect(Self.normalizations(graph) == 2)
        let shared = graph.sharingStatistics()
        #expect(Self.normalizations(shared) == 1)
        let expected = try ReferenceInterpreter(graph, inputs: Self.values).outputs
        let results = try ReferenceInterpreter(shared, inputs: Self.values).outputs
        for (result, expected) in zip(results, expected) {
            #expect(result.largestDifference(from: expected) < 1e-12)
        }
    }

    @Test func `the gradient is that of a normalization by the batch's statistics`() throws {
        let batch = Batch()
        let own = SymbolicTensor.applying(
            .batchNormalization(BatchNormalization(epsilon: 0.1, usesGivenStatistics: false)),
            [batch.x, batch.gamma, batch.beta])[0]
        let gradients = [batch.normalized, own].map { y in
            (y.square() * y).sum().gradients(withRespectTo: [batch.x])[0]
        }
        let results = try ReferenceInterpreter(Graph(outputs: gradients), inputs: Self.values)
            .outputs
        #expect(results[0].largestDifference(from: results[1]) < 1e-12)
    }

    @Test func `moments of other values stay`() throws {
        let batch = Batch()
        let other = SymbolicTensor.applying(
            .batchNormalization(BatchNormalization(epsilon: 0.1, usesGivenStatistics: false)),
            [batch.x + 1, batch.gamma, batch.beta])[0]
        let graph = try Graph(outputs: [other, batch.moments[1]])
        #expect(Self.normalizations(graph.sharingStatistics()) == 2)
    }

    @Test func `a normalization that depends on the moments does not replace them`() throws {
        let batch = Batch()
        let dependent = SymbolicTensor.applying(
            .batchNormalization(BatchNormalization(epsilon: 0.1, usesGivenStatistics: false)),
            [batch.x, batch.moments[2], batch.beta])[0]
        let graph = try Graph(outputs: [dependent, batch.moments[1]])
        #expect(Self.normalizations(graph.sharingStatistics()) == 2)
    }
}
