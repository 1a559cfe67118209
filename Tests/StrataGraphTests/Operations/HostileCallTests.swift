import StrataGraph
import StrataTestSupport
import Testing

/// Calls by name and attributes, as a caller from outside makes them: what does not work is an error.
@Suite struct HostileCallTests {
    private static let sizes: [Int?] =
        [nil, 0, 1, 1, 2, 3, 4, 5, -1, -2, 1 << 20, 1 << 30, 1 << 46, 1 << 47, .max, .min]

    @Test(arguments: 1...4)
    func `a call gives values or an error, and so do its gradients and its graph`(seed: Int) throws
    {
        var calls = try RandomCalls(seed: UInt64(seed), sizes: Self.sizes)
        var (made, called, failed) = (0, 0, 0)
        for _ in 0..<2500 {
            let call = calls.next()
            guard let operation = try? Operation(name: call.name, attributes: call.attributes)
            else {
                failed += 1
                continue
            }
            made += 1
            #expect(operation.name == call.name)
            let inputs = call.inputs.enumerated().map {
                SymbolicTensor.input("\($0)", $1.shape, dtype: $1.dtype)
            }
            let results = SymbolicTensor.applying(operation, inputs)
            #expect(results.count == operation.outputCount)
            if results.allSatisfy({ $0.error == nil }) { called += 1 }
            let loss = results.reduce(SymbolicTensor.constant(0)) { $0 + $1.sum() }
            let gradients = loss.gradients(withRespectTo: inputs)
            _ = try? Graph(outputs: results + gradients)
        }
        // All three happen, each often.
        #expect(failed > 250 && made > 1000 && called > 500)
    }
}
