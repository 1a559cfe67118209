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
