import Strata
import Testing

/// Layers, weights and tensors say what they are.
@Suite struct `Reading layers` {
    private let conv = Conv2D(8, kernelSize: 3, name: "conv")
    private let input = Input(shape: [28, 28, 1], name: "image")

    @Test func `a weight is found by its name, and has a value`() throws {
        _ = conv(input)
        let kernel = try conv.weight("kernel")
        #expect(try kernel.value.shape == [3, 3, 1, 8])
        #expect("\(kernel)" == "kernel: float32 [3, 3, 1, 8]")
        #expect(try conv.weight("bias").value == .zeros([8]))
    }

    @Test func `a weight that is not there is an error with those that are`() {
        func text(_ layer: Layer) -> String {
            do {
                _ = try layer.weight("gamma")
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(
            text(conv) == """
                layer conv has no weight gamma
                  fix: call the layer on an input first: it has no weights yet
                """)
        _ = conv(input)
        #expect(
            text(conv) == """
                layer conv has no weight gamma
                  fix: take one of: kernel, bias
                """)
        let flatten = Flatten(name: "flatten")
        _ = flatten(input)
        #expect(text(flatten).hasSuffix("fix: take another layer: this one has no weights"))
    }

    @Test func `weights of layers inside are found by their paths`() throws {
        let model = try Model(input, Dense(2, name: "dense")(Flatten()(conv(input))))
        #expect(try model.weight("conv/kernel") == conv.weight("kernel"))
        #expect(try model.getLayer(name: "dense").weight("kernel").value.shape == [5408, 2])
    }

    @Test func `a layer's weights are read and replaced`() throws {
        let dense = Dense(2)
        _ = dense(Input(shape: [3]))
        let values = [Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]), Tensor([7, 8])]
        try dense.setWeights(values)
        #expect(try dense.getWeights() == values)
        #expect(throws: ModelError.self) { try dense.setWeights([values[0]]) }
        #expect(throws: ModelError.self) { try dense.setWeights([values[1], values[1]]) }
    }

    @Test func `a layer says its class, name, what comes out, and how many parameters it has`() {
        #expect("\(conv)" == "Conv2D conv, not built")
        _ = conv(input)
        #expect("\(conv)" == "Conv2D conv -> [?, 26, 26, 8], 80 parameters")
        #expect("\(Flatten(name: "flatten"))" == "Flatten flatten, not built")
    }

    @Test func `a symbolic tensor says its shape, its type, and where it comes from`() {
        #expect("\(input)" == "SymbolicTensor [?, 28, 28, 1] float32 from image")
        #expect("\(conv(input))" == "SymbolicTensor [?, 26, 26, 8] float32 from conv")
        #expect("\(input * 2)" == "SymbolicTensor [?, 28, 28, 1] float32")
        let failed = MaxPooling2D(40, name: "pool")(input)
        #expect("\(failed)".hasPrefix("pool (LayerReadingTests.swift:"))
    }

    @Test func `a model prints its summary`() throws {
        let model = try Model(input, conv(input), name: "m")
        #expect("\(model)" == model.summary())
        #expect(model.summary().contains("[?, 26, 26, 8]"))
    }

    @Test func `a model is made of inputs and outputs without labels`() throws {
        let (a, b) = (Input(shape: [2]), Input(shape: [2]))
        #expect(try Model(a, Dense(3)(a)).outputShapes == [[nil, 3]])
        #expect(try Model([a, b], Add()([a, b])).inputs.count == 2)
        #expect(try Model(a, [Dense(1)(a), Dense(2)(a)], name: "two").outputs.count == 2)
        #expect(try Model([a, b], [Add()([a, b])]).name.hasPrefix("functional"))
    }
}
