import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Files of weights, of today and of Keras 2; `Tests/Fixtures/hdf5/make_weights.py` made the fixtures.
@Suite struct WeightFileTests {
    private static func path(_ name: String, file: String = #filePath) -> String {
        URL(filePath: file).deletingLastPathComponent().appending(path: "../../../Fixtures/hdf5")
            .appending(path: name).path
    }

    /// The fixtures' model, whose last layer may have another size or name.
    private func model(last units: Int = 2, names: [String] = ["first", "norm", "last"]) throws
        -> Model
    {
        try Sequential(name: "net") {
            Input(shape: [4], name: "entry")
            Dense(3, name: names[0])
            BatchNormalization(name: names[1])
            Dense(units, name: names[2])
        }
    }

    /// 0, 1/4, 2/4, … in the order of the weights.
    private static let expected: [Tensor] = {
        var count = 0
        return [[4, 3], [3], [3], [3], [3], [3], [3, 2], [2]].map { shape in
            let size = shape.reduce(1, *)
            defer { count += size }
            return Tensor((count..<count + size).map { Float($0) / 4 }, shape: shape)
        }
    }()

    static let files = ["keras2.h5", "keras2_model.h5", "keras3.weights.h5", "keras3_legacy.h5"]

    @Test(arguments: files)
    func `weights that Keras wrote are read by name`(file: String) throws {
        let model = try model()
        let report = try model.loadWeights(from: Self.path(file), byName: true)
        // Keras orders weights by layer, trainable ones first: as the fixtures count.
        #expect(try model.layers.flatMap(\.weights).map { try $0.value } == Self.expected)
        #expect(report.isComplete)
        #expect(report.unused == (file == "keras2.h5" ? ["layer fc1000"] : []))
    }

    @Test(arguments: files.dropFirst())
    func `weights that Keras wrote are read by position`(file: String) throws {
        let model = try model(names: ["a", "b", "c"])
        let report = try model.loadWeights(from: Self.path(file))
        #expect(try model.layers.flatMap(\.weights).map { try $0.value } == Self.expected)
        #expect(report == WeightReport())
    }

    @Test func `another number of layers is an error by position`() throws {
        let model = try model()
        let path = Self.path("keras2.h5")
        let thrown = #expect(throws: FileError.self) {
            try model.loadWeights(from: path, skipMismatch: true)
        }
        #expect(
            thrown?.description
                == "\(path): the file has 4 layers with weights, but the model 3; "
                + "load with byName: true")
    }

    @Test(arguments: files)
    func `shapes that do not fit are an error that lists them, and nothing changes`(
        file: String
    ) throws {
        let model = try model(last: 5)
        let before = try model.getWeights()
        let path = Self.path(file)
        let thrown = #expect(throws: FileError.self) {
            try model.loadWeights(from: path, byName: true)
        }
        let kernel = "layer last: kernel has shape [3, 5], the file's [3, 2]"
        // Keras leaves the rest of such a layer out in files of its own, and looks at each weight in
        // those of Keras 2.
        let both = "2 mismatches:\n  \(kernel)\n  layer last: bias has shape [5], the file's [2]"
        #expect(
            thrown?.description == "\(path): "
                + (file == "keras3.weights.h5" ? kernel : both)
                + "; load with skipMismatch: true to leave out what does not fit")
        #expect(try model.getWeights() == before)
    }

    @Test(arguments: files)
    func `what does not fit is skipped and reported`(file: String) throws {
        let model = try model(last: 5, names: ["first", "other", "last"])
        let own = try model.layers[2].weights.map { try $0.value }
        let report = try model.loadWeights(
            from: Self.path(file), byName: true, skipMismatch: true)
        #expect(try model.layers[0].weights.map { try $0.value } == Array(Self.expected[..<2]))
        #expect(try model.layers[2].weights.map { try $0.value } == own)
        #expect(report.missing == ["layer other"])
        #expect(report.unused.contains("layer norm"))
        #expect(
            report.mismatches.first
                == WeightReport.Mismatch(
                    layer: "layer last",
                    reason: .shape(weight: "kernel", expected: [3, 5], found: [3, 2])))
    }

    @Test func `an optimizer goes on where the file's stopped`() throws {
        let model = try model()
        try model.compile(optimizer: Adam(), loss: .meanSquaredError)
        try model.loadWeights(from: Self.path("keras3.weights.h5"))
        #expect(try model.optimizerVariables.first?.value == Tensor([Int32(2)], shape: []))
        #expect(model.optimizerVariables.count == 14)
    }

    @Test func `an optimizer's state of another kind is reported, and no error`() throws {
        let model = try model()
        try model.compile(optimizer: SGD(), loss: .meanSquaredError)
        let report = try model.loadWeights(from: Self.path("keras3.weights.h5"))
        #expect(report.description == "optimizer sgd has 2 weights, the file 14")
        #expect(try model.layers.flatMap(\.weights).map { try $0.value } == Self.expected)
    }

    @Test func `weights and optimizer are written and read back`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/net.weights.h5"
        let (first, second) = (try model(), try model())
        for model in [first, second] {
            try model.compile(optimizer: Adam(), loss: .meanSquaredError)
        }
        try first.trainOnBatch(Tensor.zeros([2, 4]), Tensor.zeros([2, 2]))
        try first.saveWeights(to: path)
        #expect(try second.loadWeights(from: path) == WeightReport())
        #expect(try first.getWeights() == second.getWeights())
        #expect(
            try first.optimizerVariables.map { try $0.value }
                == second.optimizerVariables.map { try $0.value })
    }

    @Test func `weights are read out of a whole model's file`() throws {
        let folder = try TemporaryFolder()
        let (first, second) = (try model(), try model())
        try first.save(to: "\(folder.path)/net.keras")
        try second.loadWeights(from: "\(folder.path)/net.keras")
        #expect(try first.getWeights() == second.getWeights())
    }

    @Test func `a file of weights needs its ending`() throws {
        let model = try model()
        let thrown = #expect(throws: FileError.self) { try model.saveWeights(to: "net.h5") }
        #expect(thrown?.description == "net.h5: the name should end in .weights.h5")
    }

    @Test func `Keras 2.13 kept layers under another name`() throws {
        let (first, second) = (try model(), try model())
        var old = try first.weightGroups()
        old.groups["_layer_checkpoint_dependencies"] = old.groups.removeValue(forKey: "layers")
        _ = try second.loadWeights(old, byName: false, skipMismatch: false)
        #expect(try first.getWeights() == second.getWeights())
    }
}
