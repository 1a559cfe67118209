#if Server
import Foundation
import Strata
import StrataTestSupport
import Testing

@testable import StrataStudio

/// The programs that the studio prints: `scripts/doc-code` compiles those in Swift from a document,
/// and Keras builds those in Python where it is installed.
@Suite struct ProgramTests {
    private static let fixtures = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/studio")

    /// Each kind of block with each of its arguments.
    private static let blocks: JSONValue = [
        [
            "kind": "convolution", "filters": 3, "kernel": [3, 5], "padding": "full",
            "activation": "relu",
        ],
        ["kind": "pooling", "type": "max", "window": [2, 2]], ["kind": "batch_normalization"],
        [
            "kind": "convolution", "filters": 4, "kernel": [3, 3], "strides": [2, 1],
            "padding": "same", "activation": "leaky_relu",
        ],
        [
            "kind": "pooling", "type": "average", "window": [3, 2], "strides": [2, 2],
            "padding": "same",
        ],
        ["kind": "convolution", "filters": 2, "kernel": [2, 2], "activation": "silu"],
        ["kind": "dropout", "rate": 0.25], ["kind": "flatten"],
        ["kind": "dense", "units": 6, "activation": "tanh"], ["kind": "dense", "units": 5],
    ]

    private static func plans() throws -> [TrainingPlan] {
        let plans: [JSONValue] = [
            ["dataset": "shapes", "blocks": blocks, "seed": 7],
            [
                "dataset": "shapes", "optimizer": "sgd", "learningRate": 0.05,
                "validationSplit": 0, "blocks": [["kind": "global_pooling", "type": "max"]],
            ],
            [
                "dataset": "shapes", "optimizer": "adamw", "batchSize": 32, "epochs": 2,
                "blocks": [["kind": "global_pooling", "type": "average"]],
            ],
            [
                "dataset": "shapes", "optimizer": "rmsprop",
                "blocks": [
                    ["kind": "flatten"], ["kind": "dense", "units": 4, "activation": "gelu"],
                ],
            ],
        ]
        return try plans.map {
            try TrainingPlan(try Configuration($0, path: ""), datasets: DatasetStore())
        }
    }

    private static func document() throws -> String {
        """
        # Programs that the studio prints

        `ProgramTests` compares them with what is printed now, and
        `STRATA_WRITE_SNAPSHOTS=1 swift test --traits Server --filter ProgramTests` writes them anew.
        `scripts/doc-code` compiles those in Swift.

        """
            + (try plans().map { plan in
                let sources = ProgramSources(plan: plan)
                return "\n```swift\n\(sources.swift)```\n\n```python\n\(sources.python)```\n"
            }).joined()
    }

    @Test func programsAreThoseThatCompile() throws {
        let path = Self.fixtures.appendingPathComponent("programs.md").path
        let document = try Self.document()
        if ProcessInfo.processInfo.environment["STRATA_WRITE_SNAPSHOTS"] == "1" {
            try document.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(document == (try String(contentsOfFile: path, encoding: .utf8)))
    }

    /// Keras's network gives the same numbers with the same weights, and is trained alike.
    @Test(.enabled(if: KerasPython.path != nil), arguments: 0..<4)
    func kerasBuildsTheSameNetwork(_ index: Int) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "strata-program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let plan = try Self.plans()[index]
        let (program, file) = (
            folder.appending(path: "train.py").path, folder.appending(path: "model.keras").path
        )
        try ProgramSources(plan: plan).python.write(
            toFile: program, atomically: true, encoding: .utf8)
        try KerasPython.run("studio/save.py", [program, file])
        let keras = try Model.load(file)
        let own = try NetworkCheck(plan).model()
        try own.setWeights(try keras.getWeights())
        let pixels: [Float] = (0..<1568).map { Float($0 * 37 % 256) }
        let x = Tensor(pixels, shape: [2, 28, 28, 1])
        #expect(
            try own.predict(x).allClose(
                try keras.predict(x), relativeTolerance: 1e-5, absoluteTolerance: 1e-6))
        #expect(own.trainingSettings == keras.trainingSettings)
    }

    /// The program in Swift has the layers of the model that is trained: a line for each.
    @Test func theSwiftProgramHasTheLayersOfTheModel() throws {
        for plan in try Self.plans() {
            let model = try NetworkCheck(plan).model()
            let lines = ProgramSources(plan: plan).swift.split(separator: "\n")
            let start = try #require(lines.firstIndex { $0.contains("Input(shape") })
            let end = try #require(lines.firstIndex { $0 == "}" })
            let classes = lines[(start + 1)..<end].map { line in
                String(line.drop { $0 == " " }.prefix { $0 != "(" })
            }
            #expect(classes == model.layers.map { type(of: $0).className })
        }
    }
}
#endif
