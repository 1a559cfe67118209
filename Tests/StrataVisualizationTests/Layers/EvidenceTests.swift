import Testing

@testable import Strata
@testable import StrataVisualization

/// Pictures say what is: also where there is nothing to see.
@Suite struct EvidenceTests {
    /// Maps of a picture's one channel: as it is, never positive, constant, not finite,
    /// its negative.
    private func maps() throws -> Model {
        let model = try Sequential {
            Input(shape: [2, 2, 1])
            Conv2D(5, kernelSize: 1, name: "maps")
            GlobalAveragePooling2D()
            Dense(2, activation: .softmax, useBias: false)
        }
        try model.setWeights([
            Tensor([1, 1, 0, .nan, -1], shape: [1, 1, 1, 5]), Tensor([0, -100, 0.25, 0, 0]),
            Tensor([1, 0, 1, 0, 1, 0, 0, 0, 1, 0], shape: [5, 2]),
        ])
        return model
    }

    private let pictures = Tensor([1, 2, 3, 4, 5, 6, 7, 8], shape: [2, 2, 2, 1])

    @Test func `only positive values of maps that vary excite them`() throws {
        let found = try maps().topActivatingPatches(
            of: "maps", maps: [0, 1, 2, 3, 4], in: pictures)
        #expect(found.map(\.count) == [2, 0, 0, 0, 0])
        #expect(found[0].map(\.value) == [8, 4])
        let text = try maps().excitingPatchDrawing(
            of: "maps", maps: [0, 1, 2, 3], in: pictures
        ).svg()
        #expect(text.contains(">map 1: nothing excites it; never positive, at most -92<"))
        #expect(text.contains(">map 2: nothing excites it; 0.25 everywhere<"))
        #expect(text.contains(">map 3: nothing excites it; not finite: NaN or infinite<"))
        #expect(text.ranges(of: "<image").count == 2)
    }

    @Test func `a map that a rectifier has silenced is excited by nothing`() throws {
        let model = try Sequential {
            Input(shape: [2, 2, 1])
            Conv2D(1, kernelSize: 1, activation: .relu, name: "maps")
        }
        try model.setWeights([Tensor([1], shape: [1, 1, 1, 1]), Tensor([-10])])
        #expect(try model.topActivatingPatches(of: "maps", maps: [0], in: pictures) == [[]])
        let text = try model.excitingPatchDrawing(of: "maps", maps: [0], in: pictures).svg()
        #expect(text.contains(">map 0: nothing excites it; 0 everywhere<"))
    }

    @Test func `feature maps come strongest first, those without anything to see last`() throws {
        let model = try maps()
        #expect(try model.strongestMaps(5, of: "maps", for: pictures[0]) == [0, 4, 1, 2, 3])
        let text = try model.featureMapDrawing(of: "maps", for: pictures[0]).svg()
        for caption in ["0: 4", "4: -1", "1: -96", "2: all 0.25", "3: NaN"] {
            #expect(text.contains(">\(caption)<"))
        }
        #expect(text.contains(">smallest<") && text.contains(">largest<"))
    }

    /// The second class's score depends on nothing; the first one's on x, here 0 or less.
    private func scored(_ weights: [Float], bias: Float = 0) throws -> Model {
        let model = try Sequential {
            Input(shape: [2, 2, 1])
            Conv2D(1, kernelSize: 1, activation: .relu, name: "maps")
            GlobalAveragePooling2D()
            Dense(2, activation: .softmax, useBias: false)
        }
        try model.setWeights([
            Tensor([1], shape: [1, 1, 1, 1]), Tensor([bias]), Tensor(weights, shape: [1, 2]),
        ])
        return model
    }

    @Test(
        arguments: [
            ([1, 0], 0, 1, "does not depend on the maps of maps: the gradient is 0"),
            ([1, 0], -100, 0, "all maps of maps are 0 for this picture"),
            ([-1, 0], 0, 0, "the maps of maps raise it nowhere"),
        ] as [([Float], Float, Int, String)])
    func `a Grad-CAM without evidence says why, and shows no colours`(
        weights: [Float], bias: Float, classIndex: Int, reason: String
    ) throws {
        let evidence = try scored(weights, bias: bias).gradCAM(
            for: pictures[0], layer: "maps", classIndex: classIndex)
        #expect(evidence.absence?.contains(reason) == true)
        #expect(evidence.map.scalars == [0, 0, 0, 0])
        let text = try evidence.drawing(over: pictures[0], className: "boot").svg()
        #expect(text.contains(reason) && text.contains(">no evidence<"))
        #expect(!text.contains("colours:") && !text.contains(">0.75<"))
    }

    @Test func `a Grad-CAM with evidence has a scale`() throws {
        let evidence = try scored([1, 0]).gradCAM(for: pictures[0], layer: "maps", classIndex: 0)
        #expect(evidence.absence == nil)
        let text = try evidence.drawing(over: pictures[0]).svg()
        for value in ["0", "0.25", "0.5", "0.75", "1"] { #expect(text.contains(">\(value)<")) }
        #expect(!text.contains("no evidence"))
    }

    @Test func `occlusion without evidence says so`() throws {
        // The score of the first class is always a half.
        let evidence = try scored([0, 0]).occlusionMap(
            for: pictures[0], classIndex: 0, patchSize: 1)
        #expect(evidence.absence == "it falls nowhere if a part is covered")
        #expect(try evidence.drawing(over: pictures[0]).svg().contains(">no evidence<"))
    }

    @Test func `scores that are not finite speak for no class`() throws {
        let model = try scored([.nan, 0])
        let error = #expect(throws: ModelError.self) {
            try model.gradCAM(for: pictures[0], layer: "maps")
        }
        #expect(
            error?.description.hasPrefix("the scores of the classes are not finite: NaN") == true)
        #expect(throws: ModelError.self) { try model.occlusionMap(for: pictures[0]) }
    }

    @Test func `weights that are all 0, or not finite, are said to be so`() throws {
        let model = try scored([1, 0])
        try model.setWeights([
            Tensor([0], shape: [1, 1, 1, 1]), Tensor([0]), Tensor([1, 0], shape: [1, 2]),
        ])
        #expect(try model.filterDrawing(of: "maps").svg().contains("all weights are 0"))
        try model.setWeights([
            Tensor([.nan], shape: [1, 1, 1, 1]), Tensor([0]), Tensor([1, 0], shape: [1, 2]),
        ])
        #expect(try model.filterDrawing(of: "maps").svg().contains("the weights are not finite"))
    }
}

/// What layers of models see that take pictures of any size.
@Suite struct AnySizeTests {
    private func model() throws -> Model {
        let input = Input(shape: [nil, nil, 3])
        let x = Conv2D(4, kernelSize: 3, strides: 2, padding: .same, name: "a")(input)
        let normal = ReLU(name: "rectified")(BatchNormalization()(x))
        let y = Conv2D(5, kernelSize: 3, padding: .same, activation: .relu, name: "b")(normal)
        return try Model(
            inputs: input, outputs: Dense(3, activation: .softmax)(GlobalMaxPooling2D()(y)))
    }

    private func picture(_ height: Int, _ width: Int) -> Tensor {
        Tensor((0..<height * width * 3).map { Float($0 % 17) }, shape: [height, width, 3])
    }

    @Test func `the picture gives the size`() throws {
        let model = try model()
        // Same padding at strides of 2: none before 16 pixels, one pixel before 15.
        for (length, start) in [(16, 0), (15, -1)] {
            let fields = try model.receptiveFields(over: picture(length, length))
            let first = try #require(fields.first { $0.layer == "a" })
            #expect(first.extents?.map(\.start) == [start, start])
            #expect(first.outputSize == [8, 8])
            let second = try #require(fields.first { $0.layer == "b" })
            #expect(second.extents?.map(\.size) == [7, 7])
            #expect(second.extents?.map(\.stride) == [2, 2])
            #expect(second.extents?.map(\.start) == [start - 2, start - 2])
        }
        #expect(try model.receptiveFieldDrawing(over: picture(20, 30)).svg().contains("7 × 7"))
        let error = #expect(throws: ModelError.self) { try model.receptiveFields() }
        #expect(error?.description.contains("fix: give a picture") == true)
    }

    @Test(arguments: [(16, 16), (15, 23), (9, 40)])
    func `pictures of every size are looked into`(height: Int, width: Int) throws {
        let model = try model()
        let picture = picture(height, width)
        let images = Tensor(
            picture.scalars + picture.scalars.reversed(), shape: [2, height, width, 3])
        #expect(
            try model.topActivatingPatches(of: "b", maps: [0, 1, 2, 3, 4], in: images).joined()
                .allSatisfy { $0.pixels.shape == [7, 7, 3] })
        #expect(try model.gradCAM(for: picture, layer: "b").map.rank == 2)
        #expect(try model.occlusionMap(for: picture).map.shape == [height, width])
        let text = try model.layerSheetDrawing(for: picture, exampleImages: images).svg()
        #expect(text.contains(">Layer 1: a<") && text.contains(">Layer 2: b<"))
        #expect(text.contains(", shown behind rectified<"))
        #expect(text.contains(">3 × 3 pixels<") && text.contains(">7 × 7 pixels<"))
        #expect(text.contains("the parts of 2 pictures that excite each map most"))
        #expect(text.contains(">predicted class: class "))
    }

    @Test func `a sheet of layers is as wide as the maps that there are`() throws {
        let (model, picture) = (try model(), picture(16, 16))
        let all = try model.layerSheetDrawing(for: picture, mapCount: 64)
        for count in [1 << 40, Int.max] {
            #expect(try model.layerSheetDrawing(for: picture, mapCount: count).svg() == all.svg())
        }
        let one = try model.layerSheetDrawing(for: picture, mapCount: 1)
        #expect(try model.layerSheetDrawing(for: picture, mapCount: .min).svg() == one.svg())
    }

    @Test func `maps are looked at behind the activation`() throws {
        let model = try model()
        #expect(try model.activatedLayer(of: "a") == "rectified")
        #expect(try model.activatedLayer(of: "b") == "b")
        #expect(model.convolutionNames == ["a", "b"])
        let input = Input(shape: [4, 4, 1])
        let linear = Conv2D(1, kernelSize: 1, name: "linear")(input)
        // Two layers read the convolution: neither is its activation.
        let sum = Add()([linear, ReLU()(linear)])
        let branches = try Model(inputs: input, outputs: sum)
        #expect(try branches.activatedLayer(of: "linear") == "linear")
    }

    @Test func `a layer that is not there has a name near it`() throws {
        let error = #expect(throws: ModelError.self) {
            try model().activations(of: "rectifid", for: picture(8, 8).reshaped([1, 8, 8, 3]))
        }
        #expect(error?.description.contains("did you mean rectified? use one of: ") == true)
    }
}
