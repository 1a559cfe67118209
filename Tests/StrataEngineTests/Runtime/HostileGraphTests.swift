import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// Calls of operations that their output rules allow, on the engine: what it cannot do is an error.
@Suite struct HostileGraphTests {
    @Test(arguments: 1...2)
    func `a graph that can be made is planned and run, or is an error`(seed: Int) throws {
        var calls = try RandomCalls(seed: UInt64(seed), sizes: [0, 1, 1, 2, 3, 4, 5, 7])
        var (ran, refused) = (0, 0)
        for _ in 0..<600 {
            let call = calls.next()
            guard let operation = try? Operation(name: call.name, attributes: call.attributes)
            else { continue }
            let inputs = call.inputs.enumerated().map {
                SymbolicTensor.input("\($0)", $1.shape, dtype: $1.dtype)
            }
            let results = SymbolicTensor.applying(operation, inputs)
            guard let graph = try? Graph(outputs: results), graph.leastByteCount < 1e7
            else { continue }
            do {
                let executable = try Executable(Plan(graph))
                try executable.run()
                #expect(executable.results.count == results.count)
                ran += 1
            } catch {
                refused += 1
            }
        }
        #expect(ran > 150, "\(refused) were refused")
    }
}

extension Graph {
    fileprivate var leastByteCount: Double {
        nodes.flatMap(\.outputs).reduce(0) { $0 + $1.leastByteCount }
    }
}
