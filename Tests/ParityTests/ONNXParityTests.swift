import Foundation
import Strata
import StrataTestSupport
import Testing

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
        for weight in model.weights { try weight.assign(golden.tensor("weight.\(weight.name)")) }
        return model
    }

    /// All files, run in one process of Python.
    private static let run = Result { try Run() }

    private final class Run: Sendable {
        private let results: [String: Result<[String: Tensor], KerasPython.Failure>]
        /// Names of inputs and outputs, line by line.
        let names: [String: String]

        /// Nothing is left of the folder afterwards.
        init() throws {
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "strata-onnx-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let all = ONNXParityTests.models + ONNXParityTests.layers
            let path = { (golden: GoldenCase) in folder.appending(path: Self.key(golden)).path }
            for golden in all {
                let path = path(golden)
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
            var results: [String: Result<[String: Tensor], KerasPython.Failure>] = [:]
            var names: [String: String] = [:]
            for golden in all {
                let path = path(golden)
                if let problem = try? String(contentsOfFile: "\(path).error.txt", encoding: .utf8) {
                    results[Self.key(golden)] = .failure(.init(description: problem))
                } else {
                    let file = try Safetensors(contentsOf: "\(path).result.safetensors")
                    results[Self.key(golden)] = .success(file.tensors)
                    names[Self.key(golden)] = try String(
                        contentsOfFile: "\(path).names.txt", encoding: .utf8)
                }
            }
            self.results = results
            self.names = names
        }

        static func key(_ golden: GoldenCase) -> String { "\(golden.kind)-\(golden.name)" }

        func result(_ golden: GoldenCase) throws -> [String: Tensor] {
            try #require(results[Self.key(golden)]).get()
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
            let doubled = try Tensor.concatenated([output, output])
            if let difference = golden.difference(twice, from: doubled) {
                Issue.record("twice.\(index): \(difference)")
            }
        }
    }

    @Test(arguments: models)
    func `a model in ONNX Runtime predicts what it does in Keras`(golden: GoldenCase) throws {
        try check(golden)
        let text = try #require(try Self.run.get().names[Run.key(golden)])
        let model = try Self.model(golden)
        let inputs = model.inputs.compactMap { ($0.producer as? LayerCall)?.layer.name }
        #expect(text.split(separator: "\n").map(String.init) == inputs + ["-"] + model.outputNames)
    }

    @Test(arguments: layers)
    func `a layer in ONNX Runtime gives what it does in Keras`(golden: GoldenCase) throws {
        try check(golden)
    }
}
