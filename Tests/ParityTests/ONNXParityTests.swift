import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// What ONNX Runtime makes of our files, against Keras's numbers.
@Suite(
    .enabled(
        if: KerasPython.hasONNXRuntime,
        "there is no Python with ONNX Runtime; scripts/keras-venv makes one"))
struct ONNXParityTests {
    private struct LayerDescription: Decodable {
        var config: JSONValue
    }

    private struct ModelDescription: Decodable {
        var kerasFile: String

        enum CodingKeys: String, CodingKey {
            case kerasFile = "keras_file"
        }
    }

    private static let models = GoldenFolder.cases("model")
    private static let layers = GoldenFolder.cases("layer").filter { golden in
        LayerRegistry.types.contains { $0.className == golden.className }
    }

    private static func model(_ golden: GoldenCase) throws -> Model {
        if golden.kind == "model" {
            let file = try golden.decoded(as: ModelDescription.self).kerasFile
            let url = golden.file.url.deletingLastPathComponent().appending(path: file)
            return try Model.load(from: url.path, compiled: false)
        }
        let description = try golden.decoded(as: LayerDescription.self)
        let object = try SerializedObject(description.config, path: "config")
        let layer = try LayerRegistry.layer(object, path: "config")
        let inputs = try golden.tensors(numbered: "input").map { tensor in
            Input(shape: Shape(Array(tensor.shape.dropFirst())), dtype: tensor.dtype)
        }
        let model = try Model(inputs: inputs, outputs: layer.outputs(of: inputs))
        for weight in model.weights { weight.assign(try golden.tensor("weight.\(weight.name)")) }
        return model
    }

    /// All files, run in one process of Python.
    private static let run = Result { try Run() }

    private final class Run: Sendable {
        let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory
                .appending(path: "strata-onnx-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for golden in ONNXParityTests.models + ONNXParityTests.layers {
                let path = self.path(golden)
                do {
                    try ONNXParityTests.model(golden).export(to: "\(path).onnx")
                } catch {
                    try "\(error)".write(
                        toFile: "\(path).error.txt", atomically: true, encoding: .utf8)
                }
                var inputs: [String: Tensor] = [:]
                for (index, x) in try golden.tensors(numbered: "input").enumerated() {
                    inputs["x.\(index)"] = x
                }
                try Safetensors(inputs).write(to: "\(path).safetensors")
            }
            try KerasPython.run("onnx/run.py", [folder.path])
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func path(_ golden: GoldenCase) -> String {
            folder.appending(path: "\(golden.kind)-\(golden.name)").path
        }

        func result(_ golden: GoldenCase) throws -> [String: Tensor] {
            let path = path(golden)
            if let problem = try? String(contentsOfFile: "\(path).error.txt", encoding: .utf8) {
                throw KerasPython.Failure(description: problem)
            }
            return try Safetensors(contentsOf: "\(path).result.safetensors").tensors
        }
    }

    /// Compares outputs of one batch, and of a batch of twice as many samples.
    private func check(_ golden: GoldenCase) throws {
        let result = try Self.run.get().result(golden)
        let expected = try golden.tensors(numbered: "output")
        for (index, output) in expected.enumerated() {
            let got = try #require(result["output.\(index)"])
            if let difference = golden.difference(got, from: output) {
                Issue.record("output.\(index): \(difference)")
            }
            guard let twice = result["twice.\(index)"] else { continue }
            let doubled = try #require(Tensor.concatenated([output, output]))
            if let difference = golden.difference(twice, from: doubled) {
                Issue.record("twice.\(index): \(difference)")
            }
        }
    }

    @Test(arguments: models)
    func `a model in ONNX Runtime predicts what it does in Keras`(golden: GoldenCase) throws {
        try check(golden)
        let text = try String(
            contentsOfFile: "\(try Self.run.get().path(golden)).names.txt", encoding: .utf8)
        let model = try Self.model(golden)
        let inputs = model.inputs.compactMap { ($0.producer as? LayerCall)?.layer.name }
        #expect(text.split(separator: "\n").map(String.init) == inputs + ["-"] + model.outputNames)
    }

    @Test(arguments: layers)
    func `a layer in ONNX Runtime gives what it does in Keras`(golden: GoldenCase) throws {
        try check(golden)
    }
}
