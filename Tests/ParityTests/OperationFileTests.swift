import Foundation
import Strata
import StrataTestSupport
import Testing

/// Operations between layers, in Keras's files; `Tests/Fixtures/operations/make.py` lists them.
@Suite struct OperationFileTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/operations").standardizedFileURL

    private func check(_ model: Model) throws {
        let data = try SafetensorsFile(Self.folder.appending(path: "operations.safetensors"))
        let outputs = try model.predict([data.tensor("x.0"), data.tensor("x.1")])
        #expect(outputs.count == 43)
        for (index, output) in outputs.enumerated() {
            let expected = try data.tensor("y.\(index)")
            #expect(output.shape == expected.shape, "output \(index)")
            for (got, wanted) in zip(output.scalars, expected.scalars) {
                // Sums and quotients of some 24 numbers, in both libraries: 2 · 24 · 2⁻²⁴ = 3e-6, and an elementary
                // function or a difference of near numbers may lose two bits more.
                #expect(abs(got - wanted) <= 1e-5 * max(1, abs(wanted)), "output \(index)")
            }
        }
    }

    @Test func `operations are computed as in Keras, also after they were saved again`() throws {
        let model = try Model.load(from: Self.folder.appending(path: "operations.keras").path)
        try check(model)
        let path = FileManager.default.temporaryDirectory
            .appending(path: "\(UUID().uuidString).keras").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try model.save(to: path)
        try check(try Model.load(from: path))
    }
}
