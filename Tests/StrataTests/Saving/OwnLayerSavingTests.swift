import Testing

@testable import Strata

/// Layers of a user's own in files.
@Suite struct OwnLayerSavingTests {
    /// Two layers of Keras's inside of one, and several in an array; their weights are of one shape.
    final class Mixture: Layer, SerializableLayer {
        private let gate = Dense(4, name: "gate")
        private let experts: [Layer]
        let count: Int

        init(_ count: Int, name: String? = nil) {
            self.count = count
            experts = (0..<count).map { Dense(4, name: "expert_\($0)") }
            super.init(name: name)
        }

        convenience init(_ configuration: Configuration) throws(ConfigurationError) {
            self.init(
                try configuration.int("count"), name: try configuration.layerName())
        }

        override func build(_ inputShapes: [Shape]) throws(GraphError.Problem) {
            addWeight("mean", shape: [1], initializer: .zeros, isTrainable: false)
            addWeight("scale", shape: [1], initializer: .ones)
        }

        override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
            var sum = gate(x, context)
            for expert in experts { sum = sum + expert(x, context) }
            return sum * context.value(of: "scale", of: self)
                - context.value(of: "mean", of: self)
        }

        override var config: [String: JSONValue] { ["count": .integer(count)] }
    }

    private func model() throws -> Model {
        registerLayer(Mixture.self)
        return try Sequential(name: "net") {
            Input(shape: [4])
            Mixture(2, name: "mixture")
            Dense(2, name: "last")
        }
    }

    @Test func `layers inside of a layer are saved by the names of its properties`() throws {
        let model = try model()
        let file = try model.kerasFile()
        let group = try #require(file.weights.groups["layers"]?.groups["mixture"])
        #expect(group.groups.keys.sorted() == ["experts", "gate", "vars"])
        #expect(group.groups["experts"]?.groups.keys.sorted() == ["dense", "dense_1"])
        // Trainable weights stand before others, in whatever order they were made.
        #expect(group.groups["vars"]?.tensors["0"] == Tensor([1] as [Float]))
        #expect(group.groups["vars"]?.tensors["1"] == Tensor([0] as [Float]))
    }

    @Test func `a layer of one's own is read again once it is registered`() throws {
        let model = try model()
        let again = try Model.load(KerasFile(model.kerasFile().bytes), compiled: false)
        #expect((again.layers.first as? Mixture)?.count == 2)
        #expect(again.weights.count == 10)
        let x = Tensor([1, -2, 3, 0.5], shape: [1, 4])
        #expect(try again.predictOnBatch(x) == model.predictOnBatch(x))
    }

    @Test func `a frozen layer and a policy are restored`() throws {
        let model = try model()
        model.layers[0].isTrainable = false
        let again = try Model.load(model.kerasFile(), compiled: false)
        #expect(again.layers.map(\.isTrainable) == [false, true])
        #expect(again.trainableWeights.map(\.name) == ["kernel", "bias"])
    }
}
