import Strata
import Testing

/// Penalties on what layers give, by hand.
@Suite struct `Activity regularization` {
    private let x = Tensor([1, -2, 3, 0], shape: [2, 2])

    /// The loss of a model that gives what it gets, against the same targets: penalties alone.
    private func penalty(_ layer: Layer) throws -> Float {
        let model = try Sequential {
            Input(shape: [2])
            layer
        }
        try model.compile(optimizer: SGD(), loss: .meanSquaredError)
        return try model.testOnBatch(x, x)["loss"] ?? .nan
    }

    @Test func `the layer adds its penalty over the batch's size`() throws {
        // (0.5 · (1 + 2 + 3) + 0.25 · (1 + 4 + 9)) / 2
        #expect(try penalty(ActivityRegularization(l1: 0.5, l2: 0.25)) == 3.25)
    }

    @Test func `any layer may have a penalty on its result`() throws {
        let layer = Identity()
        layer.activityRegularizer = L1L2(l1: 1)
        // (1 + 2 + 3) / 2
        #expect(try penalty(layer) == 3)
    }

    @Test func `a layer under TimeDistributed adds none, as in Keras`() throws {
        let inner = Identity()
        inner.activityRegularizer = L1L2(l1: 1)
        let model = try Sequential {
            Input(shape: [2, 1])
            TimeDistributed(inner)
        }
        try model.compile(optimizer: SGD(), loss: .meanSquaredError)
        let x = Tensor([1, -2, 3, 0], shape: [2, 2, 1])
        #expect(try model.testOnBatch(x, x)["loss"] == 0)
    }
}
