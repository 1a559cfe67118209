import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// Whole steps at random on the engine, against the reference interpreter.
@Suite struct RandomGraphTests {
    @Test(arguments: UInt64(1)...150)
    func `outputs, gradients and updates of a random graph`(seed: UInt64) throws {
        let random = RandomGraph(seed: seed, operations: 4 + Int(seed % 30))
        let (outputs, updates) = random.step()
        let found = try differences(outputs, updates: updates, inputs: random.inputs)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(arguments: UInt64(1001)...1080)
    func `outputs alone of a random graph`(seed: UInt64) throws {
        let random = RandomGraph(seed: seed, operations: 4 + Int(seed % 30))
        let found = try differences(Array(random.pool.suffix(3)), inputs: random.inputs)
        #expect(found.isEmpty, "\(found)")
    }
}
