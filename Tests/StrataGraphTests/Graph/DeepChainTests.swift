import StrataGraph
import Testing

@Suite struct `Deep graphs` {
    /// As deep as no thread's stack would bear a call for each node.
    @Test func `a chain of a hundred thousand operations is made and released`() {
        var x = SymbolicTensor.input("x", [2])
        for _ in 0..<100_000 { x = x.exp() }
        #expect(x.shape == [2])
        x = .constant(0)
        #expect(x.shape == [])
    }
}
