import Testing

@testable import Strata

/// What layers see, against arithmetic by hand.
@Suite struct RepresentationTests {
    @Test func `receptive fields grow through pairs of convolutions and pools`() throws {
        var layers: [Layer] = []
        for filters in [2, 3] {
            for _ in 0..<2 { layers.append(Conv2D(filters, kernelSize: 3, padding: .same)) }
            layers.append(BatchNormalization())
            layers.append(MaxPooling2D(2))
        }
        let model = try Sequential {
            Input(shape: [16, 16, 1])
            layers
            Flatten()
            Dense(2)
        }
        let fields = try model.receptiveFields()
        // 1 + 2, + 2, same, + 1 at stride 1; then every window counts twice.
        #expect(
            fields.map { $0.extents?.map(\.size) } == [
                [3, 3], [5, 5], [5, 5], [6, 6], [10, 10], [14, 14], [14, 14], [16, 16], nil, nil,
            ])
        #expect(fields.map { $0.extents?[0].stride } == [1, 1, 1, 2, 2, 2, 2, 4, nil, nil])
        // Padding of 1 at stride 1 twice, then at stride 2 twice.
        #expect(
            fields.map { $0.extents?[0].start } == [-1, -2, -2, -2, -4, -6, -6, -6, nil, nil])
        #expect(fields[3].outputSize == [8, 8])
        #expect(
            fields[0].description
                == "\(fields[0].layer) (Conv2D): 3 × 3 pixels, 1 apart")
        #expect(fields[9].description.hasSuffix("(Dense): all of the input"))
    }

    @Test func `a field over branches is the wider one, and dilation widens it`() throws {
        let input = Input(shape: [20, 20, 2])
        let a = Conv2D(2, kernelSize: 5, padding: .same)(input)
        let b = Conv2D(2, kernelSize: 3, padding: .same, dilationRate: 4)(input)
        let model = try Model(inputs: input, outputs: Add(name: "sum")([a, b]))
        let field = try #require(try model.receptiveFields().last)
        #expect(field.extents?.map(\.size) == [9, 9])
        #expect(field.extents?.map(\.start) == [-4, -4])
    }

    @Test func `channels first see the same`() throws {
        let model = try Sequential {
            Input(shape: [1, 12, 12])
            Conv2D(2, kernelSize: [3, 5], dataFormat: .channelsFirst)
            MaxPooling2D(2, dataFormat: .channelsFirst)
        }
        let field = try #require(try model.receptiveFields().last)
        #expect(field.extents?.map(\.size) == [4, 6])
        #expect(field.outputSize == [5, 4])
    }

    /// A convolution of 1 × 1 with weights 1 and −1, the mean of each map, and logits
    /// `[2 · first + 1 · second, 0]` behind a softmax.
    private func linear() throws -> Model {
        let model = try Sequential {
            Input(shape: [2, 2, 1])
            Conv2D(2, kernelSize: 1, useBias: false, name: "maps")
            GlobalAveragePooling2D()
            Dense(2, activation: .softmax, useBias: false)
        }
        try model.setWeights([
            Tensor([1, -1], shape: [1, 1, 1, 2]), Tensor([2, 0, 1, 0], shape: [2, 2]),
        ])
        return model
    }

    /// The gradient of the first logit is 2 / 4 for each place of the first map and 1 / 4 for each of the
    /// second, so the sum of weighted maps is x / 2 − x / 4 = x / 4; divided by its largest number it is x
    /// divided by its own.
    @Test func `Grad-CAM weighs maps by the mean gradient of the number before the softmax`() throws
    {
        let sample = Tensor([1, 2, -3, 4], shape: [2, 2, 1])
        let evidence = try linear().gradCAM(for: sample, layer: "maps", classIndex: 0)
        #expect(evidence.classIndex == 0)
        for (value, wanted) in zip(evidence.map.scalars, [0.25, 0.5, 0, 1] as [Float]) {
            // Sums of two products, divided by the largest: a few roundings of 6e-8 of numbers up to 1.
            #expect(abs(value - wanted) < 1e-6)
        }
        // The second logit is always 0: nothing speaks for it.
        let other = try linear().gradCAM(for: sample, layer: "maps", classIndex: 1)
        #expect(other.map.scalars == [0, 0, 0, 0])
    }

    @Test func `the gradient with respect to a layer passes branches around it`() throws {
        let input = Input(shape: [2, 2, 1])
        let a = Conv2D(1, kernelSize: 1, useBias: false, kernelInitializer: .ones, name: "a")(input)
        let b = Conv2D(1, kernelSize: 1, useBias: false, kernelInitializer: .ones, name: "b")(a)
        let sum = GlobalAveragePooling2D()(Add()([a, b]))
        let model = try Model(
            inputs: input,
            outputs: Dense(1, useBias: false, kernelInitializer: .ones)(sum))
        let sample = Tensor([1, 2, 3, 4], shape: [1, 2, 2, 1])
        let probe = try LayerProbe(model, layer: "a", sample: sample, classIndex: 1)
        #expect(probe.activation.scalars == [1, 2, 3, 4])
        // Once directly and once through b, of four places each.
        #expect(probe.gradient.scalars == [0.5, 0.5, 0.5, 0.5])
    }

    /// The score is the mean of the picture; a pixel that is covered by the mean, 2.5, changes it by
    /// (pixel − 2.5) / 4.
    @Test func `occlusion tells by how much the score falls`() throws {
        let model = try Sequential {
            Input(shape: [2, 2, 1])
            GlobalAveragePooling2D()
            Dense(2, useBias: false)
        }
        try model.setWeights([Tensor([1, 0], shape: [1, 2])])
        let sample = Tensor([1, 2, 3, 4], shape: [2, 2, 1])
        let evidence = try model.occlusionMap(for: sample, patchSize: 1)
        #expect(evidence.classIndex == 0)
        #expect(evidence.score == 2.5)
        for (value, wanted) in zip(
            evidence.map.scalars, [-0.375, -0.125, 0.125, 0.375] as [Float])
        {
            // Sums of four numbers up to 4, times ¼: exact but for the mean's factor, 4 · 6e-8.
            #expect(abs(value - wanted) < 1e-6)
        }
    }

    /// A filter that answers to a bright pixel left of a dark one.
    private func edges() throws -> Model {
        let model = try Sequential {
            Input(shape: [3, 4, 1])
            Conv2D(1, kernelSize: [1, 2], useBias: false, name: "edge")
            GlobalMaxPooling2D()
            Dense(2)
        }
        try model.layers[0].variable("kernel").map { variable in
            try variable.assign(Tensor([1, -1], shape: [1, 2, 1, 1]))
        }
        return model
    }

    @Test func `exciting patches are the strongest places of pictures`() throws {
        var pictures = [Float](repeating: 0, count: 3 * 12)
        pictures[5] = 100  // First picture: row 1, column 1.
        pictures[12 + 2 * 4 + 2] = 200  // Second picture: row 2, column 2.
        let images = Tensor(pictures, shape: [3, 3, 4, 1])
        let patches = try edges().topActivatingPatches(
            of: "edge", maps: [0], in: images, count: 2, batchSize: 2)[0]
        #expect(patches.map(\.image) == [1, 0])
        #expect(patches.map(\.value) == [200, 100])
        #expect(patches.map(\.corner) == [[2, 2], [1, 1]])
        #expect(patches.map(\.pixels.scalars) == [[200, 0], [100, 0]])
    }

    @Test func `activations are what the layer computes`() throws {
        let x = Tensor([1, 2, 4, 8, 0, 0, 0, 0, 5, 5, 5, 5], shape: [1, 3, 4, 1])
        let maps = try edges().activations(of: "edge", for: x)
        #expect(maps.shape == [1, 3, 3, 1])
        #expect(maps.scalars == [-1, -2, -4, 0, 0, 0, 0, 0, 0])
    }

    @Test func `errors name the layers that there are`() throws {
        let model = try linear()
        let sample = Tensor([1, 2, 3, 4], shape: [2, 2, 1])
        let unknown = #expect(throws: ModelError.self) {
            try model.activations(of: "conv", for: sample)
        }
        #expect(unknown?.description.contains("fix: use one of: maps, ") == true)
        #expect(throws: ModelError.self) {
            try model.gradCAM(for: sample, layer: "maps", classIndex: 2)
        }
        #expect(throws: ModelError.self) { try model.filters(of: model.layers[1].name) }
        #expect(throws: ModelError.self) {
            try model.gradCAM(for: sample, layer: model.layers[1].name)
        }
        #expect(throws: ModelError.self) { try model.occlusionMap(for: sample, patchSize: 3) }
        #expect(throws: ModelError.self) {
            try model.gradCAM(for: Tensor([1, 2], shape: [1, 2, 1]), layer: "maps")
        }
    }
}
