import StrataGraph
import Testing

@testable import StrataEngine

@Suite struct FusionTests {
    @Test(.timeLimit(.minutes(10)))
    func `two programs never wait for each other`() throws {
        // x+1 → sum → b, and y+1 → sum → a: joined without a look at the other, {x+1, a} and
        // {y+1, b} would each need the other's sum.
        let x = SymbolicTensor.input("x", [2, 3])
        let y = SymbolicTensor.input("y", [2, 3])
        let (p, q) = (x + 1, y + 2)
        let a = p * q.sum()
        let b = q * p.sum()
        let graph = try Graph(outputs: [a, b])
        let groups = try Fusion.groups(of: graph)
        var done: Set<Int> = []
        for group in groups {
            for node in group.nodes {
                for input in graph.nodes[node].inputs
                where !group.nodes.contains(input.node) {
                    #expect(done.contains(input.node))
                }
            }
            done.formUnion(group.nodes)
        }
        #expect(done.count == graph.nodes.count)
    }
}
