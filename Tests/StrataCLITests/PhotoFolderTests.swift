import Foundation
import Strata
import Testing

@Suite struct PhotoFolderTests {
    /// Pictures of two classes that colours tell apart.
    private func install(in workplace: Workplace) throws {
        for (name, red, blue) in [("blue", 20, 220), ("red", 220, 20)] {
            let folder = workplace.folder.appendingPathComponent("photos/\(name)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for number in 0..<10 {
                let shade = UInt8(3 * number)
                let pixels = (0..<40 * 40).flatMap { _ in
                    [UInt8(red) + shade, shade, UInt8(blue) + shade]
                }
                let file = try ImageEncoder.png(Tensor(pixels, shape: [40, 40, 3]))
                try Data(file).write(to: folder.appendingPathComponent("\(number).png"))
            }
        }
        try Data("GIF89a".utf8).write(
            to: workplace.folder.appendingPathComponent("photos/red/stray.gif"))
    }

    @Test func `a folder is learned, and pictures are told by name`() throws {
        let workplace = try Workplace()
        try install(in: workplace)
        let training = try workplace.strata(
            "train", "photos/", "--epochs", "12", "--seed", "1", "--output", "m.keras")
        #expect(training.code == 0)
        #expect(
            training.errors
                == "Warning: photos: left out 1: red/stray.gif: it looks like a GIF file, which is not "
                + "read\n")
        #expect(
            training.output.hasPrefix(
                "Training on photos: 16 pictures of 32 × 32, 4 for validation, classes blue, red, ")
        )

        let model = try Model.load(from: workplace.path("m.keras"))
        #expect(model.classNames == ["blue", "red"])
        let told = try workplace.strata(
            "predict", "m.keras", "photos/red/9.png", "photos/blue/0.png", "--json")
        #expect(told.code == 0)
        let lines = told.output.split(separator: "\n").map(String.init)
        #expect(try lines.map { try JSONValue(parsing: $0)["name"] } == ["red", "blue"])
    }

    @Test func `a folder without classes is refused`() throws {
        let workplace = try Workplace()
        try FileManager.default.createDirectory(
            at: workplace.folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
        let outcome = try workplace.strata("train", "empty")
        #expect(outcome.code == 64)
        let start = "Error: empty has no folders, of which each would be a class; put"
        #expect(outcome.errors.hasPrefix(start))
    }
}
