import Foundation
import Strata
import Testing

/// Pictures in folders as Keras's `image_dataset_from_directory` gives them.
///
/// `Tests/Fixtures/augmentation/make.py` made the pictures and the numbers.
@Suite struct ImageFolderParityTests {
    struct Entry: Sendable, CustomTestStringConvertible {
        var arguments: Configuration
        var shape: [Float]
        var pixels: [Float]
        var labels: [Float]?
        var testDescription: String { JSONValue.object(arguments.members).text }
    }

    private static let contents: Result<(files: [(String, Data)], entries: [Entry]), any Error> =
        Result {
            let parts = try Fixture.array("augmentation/folder.json")
            guard parts.count == 2, case .array(let files) = parts[0],
                case .array(let entries) = parts[1]
            else { throw CocoaError(.fileReadCorruptFile) }
            return (
                try files.map { file in
                    guard case .array(let pair) = file, case .string(let name) = pair[0],
                        case .string(let text) = pair[1], let data = Data(base64Encoded: text)
                    else { throw CocoaError(.fileReadCorruptFile) }
                    return (name, data)
                },
                try entries.map { entry in
                    guard case .array(let parts) = entry, parts.count == 4 else {
                        throw CocoaError(.fileReadCorruptFile)
                    }
                    return Entry(
                        arguments: try Configuration(parts[0], path: ""),
                        shape: Fixture.floats(parts[1]), pixels: Fixture.floats(parts[2]),
                        labels: parts[3] == .null ? nil : Fixture.floats(parts[3]))
                }
            )
        }

    @Test func `the file holds cases`() throws {
        #expect(try Self.contents.get().entries.count == 15)
    }

    @Test(arguments: (try? contents.get().entries) ?? [])
    func `a folder's pictures and classes are Keras's`(_ entry: Entry) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, data) in try Self.contents.get().files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
        }
        let given = entry.arguments
        let names: [String]? = {
            guard case .array(let items)? = given.value("class_names") else { return nil }
            return items.compactMap { if case .string(let name) = $0 { name } else { nil } }
        }()
        let mode: LabelMode =
            given.members["label_mode"] == .null
            ? .none
            : LabelMode(rawValue: try given.string("label_mode", default: "int")) ?? .int
        let split: Double? = try given.optionalFloat("validation_split").map { Double($0) }
        let data = try imageDataset(
            fromDirectory: folder.path, labelMode: mode, classNames: names,
            colorMode: ColorMode(rawValue: try given.string("color_mode", default: "rgb")) ?? .rgb,
            batchSize: 3, imageSize: SpatialSize(try given.ints("image_size")), shuffle: false,
            validationSplit: split,
            subset: DatasetSubset(rawValue: try given.string("subset", default: "")),
            interpolation: Interpolation(
                rawValue: try given.string("interpolation", default: "bilinear")) ?? .bilinear,
            cropToAspectRatio: try given.bool("crop_to_aspect_ratio", default: false),
            padToAspectRatio: try given.bool("pad_to_aspect_ratio", default: false),
            reducedDecoding: false)
        var batches = data.batches(inEpoch: 0)
        let batch = try #require(try batches.next())
        #expect(batch.x[0].shape.map { Float($0) } == entry.shape)
        // Three decimals are in the file. TensorFlow takes bicubic weights from a table of 1024
        // places between pixels, which puts each of them wrong by up to 1.25 / 2048 of up to 255, and
        // cuts off the fraction of a grey, where Pillow and the library round.
        let tolerance: Float =
            if given.members["interpolation"] == "bicubic" {
                0.3
            } else if given.members["color_mode"] == "grayscale" { 1.01 } else { 2e-3 }
        let worst = zip(batch.x[0].scalars, entry.pixels).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < tolerance, "\(worst)")
        #expect(batch.y.first?.scalars == entry.labels)
        #expect(try batches.next() == nil)
    }
}
