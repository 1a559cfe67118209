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
                == "warning: photos: left out 1: red/stray.gif: it looks like a GIF file, which is not "
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

        let measured = try workplace.strata("evaluate", "m.keras", "photos", "--json")
        #expect(measured.code == 0)
        let result = try JSONValue(parsing: measured.output)
        #expect(result["images"] == .integer(20))
        #expect(result["accuracy"] == .number(1))
        let looked = try workplace.strata(
            "look", "m.keras", "photos/red/0.png", "--data", "photos", "--count", "8")
        #expect(looked.code == 0)
        #expect(looked.output.contains("look/exciting-patches-conv2d"))
    }

    @Test func `a folder is measured by the model's names of classes, not by their order`() throws {
        let workplace = try Workplace()
        try install(in: workplace)
        // Tells pictures by what they have more of: red, then blue.
        let model = try Sequential {
            Input(shape: [40, 40, 3])
            GlobalAveragePooling2D()
            Dense(2, useBias: false, name: "colours")
        }
        try model.setWeights([Tensor([1, 0, 0, 0, 0, 1] as [Float], shape: [3, 2])])
        model.classNames = ["red", "blue"]
        try model.save(to: workplace.path("named.keras"))
        let named = try workplace.strata("evaluate", "named.keras", "photos", "--json")
        #expect(try JSONValue(parsing: named.output)["accuracy"] == .number(1))

        model.classNames = nil
        try model.save(to: workplace.path("nameless.keras"))
        let nameless = try workplace.strata("evaluate", "nameless.keras", "photos", "--json")
        #expect(try JSONValue(parsing: nameless.output)["accuracy"] == .number(0))

        model.classNames = ["red", "green"]
        try model.save(to: workplace.path("other.keras"))
        let other = try workplace.strata("evaluate", "other.keras", "photos")
        #expect(other.code != 0)
        #expect(other.errors.contains(#"classNames are ["red", "green"]"#))

        let photos = workplace.folder.appendingPathComponent("photos")
        try FileManager.default.copyItem(
            at: photos.appendingPathComponent("red"), to: photos.appendingPathComponent("third"))
        let more = try workplace.strata("evaluate", "nameless.keras", "photos")
        #expect(more.code == 65)
        #expect(
            more.errors.contains(
                "photos has the 3 classes blue, red, third, but the model tells 2 apart; give a folder "
                    + "with a folder for each of its classes"))
    }

    @Test func `a folder without classes is refused`() throws {
        let workplace = try Workplace()
        try FileManager.default.createDirectory(
            at: workplace.folder.appendingPathComponent("empty"), withIntermediateDirectories: true)
        let outcome = try workplace.strata("train", "empty")
        #expect(outcome.code == 65)
        let start = "Error: empty has no folders, of which each would be a class; put"
        #expect(outcome.errors.hasPrefix(start))
    }
}
