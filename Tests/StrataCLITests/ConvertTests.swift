import Foundation
import Strata
import Testing

/// `strata convert`.
@Suite struct ConvertTests {
    private func workplace() throws -> Workplace {
        let workplace = try Workplace()
        let model = try Sequential {
            Input(shape: [4])
            Dense(2, name: "dense")
        }
        try model.save(to: workplace.path("m.keras"))
        return workplace
    }

    @Test(arguments: ["m.onnx", "m.weights.h5", "again.keras"])
    func `a model is written in the format that the name says`(name: String) throws {
        let workplace = try workplace()
        let outcome = try workplace.strata("convert", "m.keras", name)
        #expect(outcome.code == 0)
        #expect(outcome.output + outcome.errors == "")
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: workplace.path(name))))
        // ONNX begins with IR version 8; HDF5 and zip with their signatures.
        let beginnings: [String: [UInt8]] = [
            "m.onnx": [0x08, 8], "m.weights.h5": [0x89, 0x48], "again.keras": [0x50, 0x4B],
        ]
        #expect(bytes.starts(with: try #require(beginnings[name])))
    }

    @Test func `a name that says nothing is a wrong argument`() throws {
        let outcome = try workplace().strata("convert", "m.keras", "m.pb")
        #expect(outcome.code == 64)
        #expect(
            outcome.errors.hasPrefix(
                "Error: m.pb should end in .onnx, .weights.h5 or .keras, which says"))
    }
}

/// Models that are opened though a part of them is not known, and images of any size.
@Suite struct ConvertOpenTests {
    @Test func `a compilation that cannot be read is left out with a warning`() throws {
        struct Own: Loss {
            static let className = "Own"
            var name = "own"
            var reduction = LossReduction.sumOverBatchSize
            init() {}
            init(configuration: Configuration) throws(ConfigurationError) {}
            var config: [String: JSONValue] { ["name": .string(name)] }
            func values(targets: SymbolicTensor, predictions: SymbolicTensor) -> SymbolicTensor {
                (targets - predictions).mean(axes: [1])
            }
        }
        let workplace = try Workplace()
        let model = try Sequential {
            Input(shape: [4])
            Dense(2, name: "dense")
        }
        try model.compile(optimizer: Adam(), loss: Own())
        try model.save(workplace.path("m.keras"))
        for arguments in [["summary", "m.keras"], ["convert", "m.keras", "m.onnx"]] {
            let outcome = try workplace.strata(arguments)
            #expect(outcome.code == 0)
            #expect(
                outcome.errors.hasPrefix(
                    "warning: m.keras: config.json: compile_config.loss: loss Own is not known"))
            #expect(outcome.errors.hasSuffix("the model is used without its compilation\n"))
        }
    }

    @Test func `a size that the model leaves open stays open or is fixed`() throws {
        let workplace = try Workplace()
        let model = try Sequential {
            Input(shape: [nil, nil, 3])
            Conv2D(2, kernelSize: 3, strides: 2, padding: .same)
            GlobalAveragePooling2D()
        }
        try model.save(workplace.path("m.keras"))
        #expect(try workplace.strata("convert", "m.keras", "open.onnx").code == 0)
        let fixed = try workplace.strata(
            "convert", "m.keras", "fixed.onnx", "--input-shape", "32,48,3")
        #expect(fixed.code == 0 && fixed.errors.isEmpty)
        let wrong = try workplace.strata("convert", "m.keras", "w.onnx", "--input-shape", "32,48,1")
        #expect(wrong.code == 65)
        #expect(wrong.errors.contains("takes [?, ?, ?, 3], not [?, 32, 48, 1]"))
        let other = try workplace.strata(
            "convert", "m.keras", "w.keras", "--input-shape", "32,48,3")
        #expect(other.code == 64)
        #expect(
            try workplace.strata("convert", "m.keras", "w.onnx", "--input-shape", "a").code == 64)
    }

    @Test func `a file of another kind is named`() throws {
        let workplace = try Workplace()
        try Data([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]).write(
            to: URL(filePath: workplace.path("m.h5")))
        let outcome = try workplace.strata("summary", "m.h5")
        #expect(outcome.code == 65)
        #expect(
            outcome.errors.contains("m.h5: it is an HDF5 file, not a .keras file; open it in Keras")
        )
    }
}
