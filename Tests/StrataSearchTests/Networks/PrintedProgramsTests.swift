import Foundation
import Testing

@testable import StrataSearch

/// Printed programs, in a document that `scripts/doc-code` compiles.
@Suite struct PrintedProgramsTests {
    private static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/search/programs.md").path

    /// The programs of random draws, and one for a folder of images.
    private static func document() throws -> String {
        let networks = HyperCNN(
            inputShape: [28, 28, 1], classes: 10, samples: 54_000, epochs: 15)
        let photos = HyperCNN(inputShape: [96, 96, 3], classes: 2, samples: 100, epochs: 30)
        let draws = (1...24 as ClosedRange<UInt64>).map {
            RandomDraws.values(seed: $0, networks)
        }
        let programs =
            try draws.map {
                try networks.swiftSource($0, data: .dataset("FashionMNIST", validationSplit: 0.1))
            } + [try photos.swiftSource([:], data: .folder("photos"))]
        return """
            # Programs that HyperCNN prints

            `PrintedProgramsTests` compares them with what is printed now, and
            `STRATA_WRITE_SNAPSHOTS=1 swift test --filter PrintedProgramsTests` writes them anew.
            `scripts/doc-code` compiles them.

            """ + programs.map { "\n```swift\n\($0)```\n" }.joined()
    }

    @Test func programsAreThoseThatCompile() throws {
        let document = try Self.document()
        if ProcessInfo.processInfo.environment["STRATA_WRITE_SNAPSHOTS"] == "1" {
            try document.write(toFile: Self.path, atomically: true, encoding: .utf8)
        }
        let stored = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(
            document == stored,
            """
            the programs changed: STRATA_WRITE_SNAPSHOTS=1 swift test --filter \
            PrintedProgramsTests writes them anew
            """)
    }

    /// No part of a program is left uncompiled.
    @Test(arguments: [
        "RandomFlip(.horizontal)", "RandomTranslation(", ", strides: 2, padding: .same",
        "padding: .same, useBias: false)", "BatchNormalization()",
        "Activation(.silu)", "Activation(.relu)", "MaxPooling2D(2)",
        "MaxPooling2D(3, strides: 2)", "AveragePooling2D(2)", "AveragePooling2D(3, strides: 2)",
        "kernelSize: 7", "Flatten()", "GlobalAveragePooling2D()", "GlobalMaxPooling2D()",
        "Dropout(",
        "Dense(512, activation: ", "Adam(learningRate: 0.", "AdamW(learningRate: schedule",
        "SGD(learningRate: ", "imageDatasets(",
    ]) func programsHaveEveryPart(_ part: String) throws {
        #expect(try String(contentsOfFile: Self.path, encoding: .utf8).contains(part))
    }
}
