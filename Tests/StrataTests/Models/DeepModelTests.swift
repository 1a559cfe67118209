import Strata
import Testing

@Suite struct `Deep models` {
    /// Calls of layers and operations in turn, so that neither alone makes up the way.
    @Test func `a chain of ten thousand layers is wired and released`() {
        let layer = Activation(.relu)
        var x = Input(shape: [2])
        for _ in 0..<10_000 { x = layer(x) + 1 }
        #expect(x.shape == [nil, 2])
        x = Input(shape: [3])
        #expect(x.shape == [nil, 3])
    }
}
