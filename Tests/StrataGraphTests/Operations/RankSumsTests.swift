import StrataGraph
import StrataTestSupport
import Testing

/// Sums over ranks as nodes of a graph.
@Suite struct RankSumsTests {
    private static func inputs(_ counts: [Int]) -> [SymbolicTensor] {
        counts.enumerated().map { .input("x\($0)", [$1]) }
    }

    /// The number of the sum that a tensor is a result of.
    private static func number(_ tensor: SymbolicTensor) -> Int? {
        guard case .hostCall(let call)? = tensor.node?.operation else { return nil }
        return call.function.sum?.number
    }

    /// The messages that a graph starts, in the order of their numbers.
    private static func messages(_ outputs: [SymbolicTensor]) throws -> [TensorType] {
        let starts = try Graph(outputs: outputs).nodes.compactMap { node -> (Int, TensorType)? in
            guard case .hostCall(let call) = node.operation, let sum = call.function.sum,
                sum.isStart
            else { return nil }
            return (sum.number, node.outputs[0])
        }
        return starts.sorted { $0.0 < $1.0 }.map(\.1)
    }

    @Test func `types are those of the tensors`() throws {
        let sums = RankSums(LoneCommunicator()).summed(
            [.input("x", [2, 3]), .input("y", [])], wire: .bfloat16)
        #expect(sums.map(\.shape) == [[2, 3], []])
        #expect(sums.map(\.dtype) == [.float32, .float32])
        #expect(try Self.messages(sums) == [TensorType([7], .bfloat16)])
        #expect(RankSums(LoneCommunicator()).summed([]).isEmpty)
    }

    /// What cannot be summed, with the error of all results.
    private static let refused: [(SymbolicTensor, wire: DType, error: String)] = [
        (
            .input("x", [nil, 3]), .float32,
            "every dimension of a sum over ranks"
        ),
        (.input("x", [3], dtype: .int32), .float32, "a sum over ranks of int32 values"),
        (.input("x", [3]), .uint8, "a sum over ranks as uint8"),
    ]

    @Test(arguments: refused.indices)
    func `what cannot be summed is an error of all results`(index: Int) {
        let (tensor, wire, error) = Self.refused[index]
        let sums = RankSums(LoneCommunicator()).summed([.input("y", [2]), tensor], wire: wire)
        #expect(sums.count == 2)
        for sum in sums { #expect(sum.error?.description.contains(error) == true) }
    }

    /// Of gradients with nothing before them, those of later layers come first.
    @Test(arguments: [
        (DType.float32, [1000, 305, 10]), (DType.bfloat16, [1000, 315]),
    ])
    func `buckets have at least their size, but the last`(wire: DType, counts: [Int]) throws {
        let sums = RankSums(LoneCommunicator()).gradientsSummed(
            Self.inputs([10, 300, 5, 1000]), bucketByteCount: 1024, wire: wire)
        #expect(sums.map { $0.shape[0] } == [10, 300, 5, 1000])
        #expect(try Self.messages(sums) == counts.map { TensorType([$0], wire) })
    }

    /// The gradients of the weights of three dense layers in the order of `names`.
    private static func gradients(of names: [String], batch: Int) -> [SymbolicTensor] {
        let weights = ["a": (4, 5), "b": (5, 6), "c": (6, 3)].mapValues { size in
            SymbolicTensor.input("\(size)", [size.0, size.1])
        }
        var x = SymbolicTensor.input("x", [batch, 4])
        for name in ["a", "b", "c"] {
            if let weight = weights[name] { x = x.multiplied(by: weight).tanh() }
        }
        return x.sum().gradients(withRespectTo: names.compactMap { weights[$0] })
    }

    @Test(arguments: [1, 7])
    func `gradients are summed in the order in which backward makes them`(batch: Int) {
        for (names, numbers) in [(["a", "b", "c"], [2, 1, 0]), (["b", "c", "a"], [1, 0, 2])] {
            let sums = RankSums(LoneCommunicator()).gradientsSummed(
                Self.gradients(of: names, batch: batch), bucketByteCount: 1)
            #expect(sums.map(Self.number) == numbers)
        }
    }

    @Test func `a gradient that fails makes all of its bucket fail`() {
        let failed = SymbolicTensor(failure: GraphError(.noGradient("a test")))
        let sums = RankSums(LoneCommunicator()).gradientsSummed(
            [.input("x", [2]), failed], bucketByteCount: 1)
        #expect(sums.map { $0.error != nil } == [false, true])
    }

    /// f = Σ (Σ over ranks of x²) · y: the gradients of both are sums over ranks, in one message of what arrives.
    @Test func `the gradient of a sum is a sum`() throws {
        let (x, y) = (SymbolicTensor.input("x", [3]), SymbolicTensor.input("y", [3]))
        let sums = RankSums(LoneCommunicator()).summed([x.square(), y])
        let gradients = (sums[0] * y).sum().gradients(withRespectTo: [x, y])
        #expect(try Self.messages(gradients).map(\.shape) == [[6], [3]])
        let values = [
            "x": ReferenceTensor([1, 2, 3], shape: [3]),
            "y": ReferenceTensor([4, 5, 6], shape: [3]),
        ]
        let results = try ReferenceInterpreter(Graph(outputs: gradients), inputs: values).outputs
        #expect(results[0].values == [8, 20, 36])
        #expect(results[1].values == [1, 4, 9])
    }

    @Test func `a graph in float32 sends bfloat16 without a copy`() throws {
        let sums = RankSums(LoneCommunicator()).summed([.input("x", [3])], wire: .bfloat16)
        let graph = try Graph(outputs: sums).computedInFloat32()
        let finish = graph.nodes.first { node in
            guard case .hostCall(let call) = node.operation else { return false }
            return call.function.sum?.isStart == false
        }
        let source = try #require(finish?.inputs.first)
        guard case .hostCall = graph.nodes[source.node].operation else {
            Issue.record("\(graph)")
            return
        }
    }
}
