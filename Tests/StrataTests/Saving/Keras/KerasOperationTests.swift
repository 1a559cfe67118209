import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Operations of Keras outside of layers; `Tests/Fixtures/keras/operations.py` writes a model of them, and
/// what Keras predicts.
@Suite struct KerasOperationTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Fixtures/keras").standardizedFileURL

    private static let names = Result {
        let text = try String(
            contentsOf: folder.appending(path: "operations.json"), encoding: .utf8)
        guard case .array(let items) = try JSONValue(parsing: text) else { return [String]() }
        return items.compactMap { if case .string(let name) = $0 { name } else { nil } }
    }

    private static let fixture = Result {
        try SafetensorsFile(folder.appending(path: "operations.safetensors"))
    }

    static func file() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: "operations.keras")))
    }

    private static func model() throws -> Model {
        try Model.load(from: folder.appending(path: "operations.keras").path)
    }

    private static func predictions(of model: Model) throws -> [Tensor] {
        let fixture = try fixture.get()
        return try model.predictOnBatch((0..<4).map { try fixture.tensor("x.\($0)") })
    }

    private static let loaded = Result { try predictions(of: model()) }
    private static let types = Result { try model().outputs.map(\.dtype) }
    private static let again = Result {
        let folder = try TemporaryFolder()
        try model().save(to: "\(folder.path)/again.keras")
        return try predictions(of: Model.load(from: "\(folder.path)/again.keras"))
    }

    @Test(arguments: try names.get().enumerated().map { $0 })
    func `an operation of a Keras file gives Keras's numbers`(place: Int, name: String) throws {
        let expected = try Self.fixture.get().tensor("output.\(place)")
        let got = try Self.loaded.get()[place]
        #expect(got.shape == expected.shape)
        let type = try Self.types.get()[place]
        #expect(type.isFloatingPoint == expected.dtype.isFloatingPoint)
        // Some twenty units in the last place: exponentials and sums of a few roundings each.
        let scale = expected.scalars.map(abs).max() ?? 0
        for (got, expected) in zip(got.scalars, expected.scalars) {
            #expect(abs(got - expected) <= 3e-6 * max(scale, 1), "\(got), expected \(expected)")
        }
        #expect(try Self.again.get()[place] == got, "saved and loaded again")
    }

    @Test func `the fixture has all operations that are known`() throws {
        var names: Set<String> = []
        for layer in try Self.model().wiring?.layers ?? [] {
            if let operation = layer as? OperationLayer { names.insert(operation.object.className) }
        }
        // Other names of the same, and what Keras cannot read from its own file, or not without a known
        // batch.
        let others: Set<String> = [
            "Abs", "AdaptiveAveragePool", "AdaptiveMaxPool", "Mish", "Ravel", "Slice", "Vstack",
        ]
        #expect(Set(KerasOperations.classNames).subtracting(names) == others)
    }

    @Test(
        .enabled(
            if: KerasPython.path != nil,
            "there is no Python with Keras; scripts/keras-venv makes one"))
    func `Keras opens its operations again after we have saved them`() throws {
        let folder = try TemporaryFolder()
        try Self.model().save(to: "\(folder.path)/again.keras")
        // Its own file beside ours, since another processor gives other last bits.
        try FileManager.default.copyItem(
            atPath: Self.folder.appending(path: "operations.keras").path,
            toPath: "\(folder.path)/first.keras")
        let fixture = try Self.fixture.get()
        var inputs: [String: Tensor] = [:]
        for place in 0..<4 { inputs["x.\(place)"] = try fixture.tensor("x.\(place)") }
        for name in ["first", "again"] {
            let path = "\(folder.path)/\(name)"
            try Self.model().saveWeights(to: "\(path).weights.h5")
            try Self.model().saveWeights(to: "\(path).weights.json", maxShardSize: 1)
            try Safetensors(inputs).write(to: "\(path).safetensors")
        }
        try KerasPython.exchange(in: URL(filePath: folder.path))
        let results = try ["first", "again"].map {
            try Safetensors(contentsOf: "\(folder.path)/\($0).result.safetensors").tensors
        }
        for (place, name) in try Self.names.get().enumerated() {
            let first = try #require(results[0]["output.\(place)"])
            #expect(results[1]["output.\(place)"] == first, "\(name)")
        }
    }

    @Test func `operations are rows of the summary, and no layers`() throws {
        let model = try Self.model()
        #expect(!model.layers.contains { $0 is OperationLayer })
        #expect(model.summary(lineLength: 200).contains("logaddexp (Logaddexp)"))
    }
}
