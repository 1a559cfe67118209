import Foundation
import Testing

@testable import Strata
@testable import StrataVisualization

@Suite struct RunTests {
    /// A folder of runs that is gone with the test.
    private final class Place {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("runs-\(UUID().uuidString)")
        var path: String { url.path }
        deinit { try? FileManager.default.removeItem(at: url) }
    }

    /// Trains on bright and dark pictures for some epochs.
    @discardableResult
    private func train(
        in place: Place, name: String, epochs: Int, seed: Int = 1
    ) throws -> RunFolder {
        let pixels = (0..<24).flatMap { [UInt8](repeating: $0 % 2 == 0 ? 20 : 230, count: 16) }
        let images = try LabelledImages(
            x: Tensor(pixels, shape: [24, 4, 4, 1]), y: Tensor((0..<24).map { Int32($0 % 2) }),
            classNames: ["dark", "<bright>"])
        return try SeedStream.$own.withValue(SeedStream(seed: UInt64(seed))) {
            let model = try Sequential {
                Input(shape: [4, 4, 1])
                Rescaling(1 / 255.0)
                Flatten()
                Dense(2, activation: .softmax)
            }
            try model.compile(
                optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
            let folder = try RunFolder.create(in: place.path, name: name)
            let recorder = RunRecorder(folder, settings: ["seed": .integer(seed)])
            try model.fit(
                images, batchSize: 8, epochs: epochs, verbose: .silent, callbacks: [recorder],
                validationData: images)
            try recorder.finish(model, on: images)
            return folder
        }
    }

    @Test func `runs are numbered, and a name becomes one that paths can have`() throws {
        let place = Place()
        let names = ["first", "a b/c", "first"]
        let folders = try names.map { try RunFolder.create(in: place.path, name: $0) }
        #expect(folders.map(\.name) == ["0001-first", "0002-a-b-c", "0003-first"])
        try FileManager.default.removeItem(atPath: folders[1].path)
        #expect(try RunFolder.create(in: place.path, name: "x").name == "0004-x")
    }

    @Test func `a run that cannot be written is named`() throws {
        let place = Place()
        try Data().write(to: place.url)
        let error = #expect(throws: FileError.self) {
            try RunFolder.create(in: place.path, name: "x")
        }
        #expect(error?.description.hasSuffix("; name another folder for runs") == true)
    }

    @Test func `a run's folder has all that is needed to compare and repeat it`() throws {
        let place = Place()
        let folder = try train(in: place, name: "one", epochs: 3)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(
            files == [
                "classes.json", "classes.png", "classes.svg", "confusion.png", "confusion.svg",
                "history.png", "history.svg", "metrics.csv", "metrics.jsonl", "mistakes.png",
                "mistakes.svg", "model.keras", "model.svg", "result.json", "settings.json",
            ])
        let record = try RunRecord(folder)
        #expect(record.settings["seed"] == 1)
        #expect(record.settings["epochs"] == 3)
        #expect(record.result["epochs"] == 3)
        #expect(record.epochs.map { $0["epoch"] } == [1, 2, 3])
        #expect(record.quantities == ["loss", "val_loss", "accuracy", "val_accuracy"])
        let csv = try String(contentsOfFile: folder.file("metrics.csv"), encoding: .utf8)
        #expect(csv.hasPrefix("epoch,accuracy,loss,val_accuracy,val_loss\r\n1,"))
        #expect(csv.split(whereSeparator: \.isNewline).count == 4)
        #expect(try Model.load(from: folder.file("model.keras")).countParams() == 34)
    }

    @Test func `optimizer, learning rate and network are recorded by themselves`() throws {
        let place = Place()
        let record = try RunRecord(train(in: place, name: "one", epochs: 1))
        #expect(record.settings["optimizer"] == "adam")
        #expect(record.settings["learning_rate"] == 0.001)
        #expect(record.settings["network"] == "sequential")
        #expect(record.settings["loss"] == "sparse_categorical_crossentropy")
        #expect(record.settings["learning_rate_schedule"] == nil)
        #expect(record.settings["strata"] == .string(strataVersion))
        // 0.001 as it is written, not 0.0010000000474974513.
        let text = try String(contentsOfFile: record.folder.file("settings.json"), encoding: .utf8)
        #expect(text.contains("\"learning_rate\": 0.001,"))
    }

    @Test func `a schedule and what is given as a setting are recorded`() throws {
        let place = Place()
        let model = try Sequential {
            Input(shape: [2])
            Dense(1)
        }
        let schedule = ExponentialDecay(
            0.1, decaySteps: 2, decayRate: 0.5)
        try model.compile(
            optimizer: LossScaleOptimizer(SGD(learningRate: .schedule(schedule))),
            loss: .meanSquaredError)
        let folder = try RunFolder.create(in: place.path, name: "decay")
        try model.fit(
            Tensor([1, 2], shape: [1, 2]), Tensor([1], shape: [1, 1]), verbose: .silent,
            callbacks: [RunRecorder(folder, settings: ["network": "mine"])])
        let settings = try RunRecord(folder).settings
        #expect(settings["optimizer"] == "sgd")
        #expect(settings["learning_rate"] == 0.1)
        #expect(settings["learning_rate_schedule"]?["class_name"] == "ExponentialDecay")
        #expect(settings["network"] == "mine")
    }

    @Test func `epochs are counted alike in both files, from 1 as progress counts them`() throws {
        let place = Place()
        let folder = try train(in: place, name: "one", epochs: 3)
        let csv = try String(contentsOfFile: folder.file("metrics.csv"), encoding: .utf8)
        let rows = csv.split(whereSeparator: \.isNewline).dropFirst()
        #expect(rows.map { $0.prefix(2) } == ["1,", "2,", "3,"])
        #expect(try RunRecord(folder).epochs.map { $0["epoch"] } == [1, 2, 3])
    }

    @Test func `runs are compared by results and by the settings that differ`() throws {
        let place = Place()
        try train(in: place, name: "one", epochs: 2)
        try train(in: place, name: "two", epochs: 3, seed: 2)
        let comparison = RunComparison(RunRecord.all(in: place.path))
        let lines = comparison.table.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].hasPrefix("0001-one  ") && lines[1].contains(" 2/2 "))
        #expect(
            comparison.differences == """
                setting  0001-one  0002-two
                epochs          2         3
                seed            1         2
                """)
        #expect(try comparison.drawing(of: "loss").svg().contains(">0002-two<"))
    }

    @Test func `a page needs nothing from elsewhere, and names are no markup`() throws {
        let place = Place()
        let folder = try train(in: place, name: "one", epochs: 1)
        var settings = try RunRecord(folder).settings
        settings["note"] = "<script>alert(1)</script>"
        try folder.write(.object(settings), to: "settings.json")
        let page = try RunRecord(folder).page()
        #expect(page.components(separatedBy: "src=\"data:image/svg+xml;base64,").count == 6)
        #expect(page.components(separatedBy: "src=").count == 6)
        #expect(!page.contains("<script") && !page.contains("http"))
        #expect(page.contains("&lt;script&gt;"))
    }

    @Test func `a run that was cut off is read as far as it went`() throws {
        let place = Place()
        let folder = try train(in: place, name: "one", epochs: 2)
        try FileManager.default.removeItem(atPath: folder.file("result.json"))
        let lines = try String(contentsOfFile: folder.file("metrics.jsonl"), encoding: .utf8)
        try Data((lines + "{\"epoch\": 3, \"lo").utf8).write(
            to: URL(fileURLWithPath: folder.file("metrics.jsonl")))
        let record = try RunRecord(folder)
        #expect(record.epochs.count == 2)
        #expect(RunComparison([record]).table.contains("unfinished"))
        #expect(record.page().contains("not finished"))
        try Data("[]".utf8).write(to: URL(fileURLWithPath: folder.file("settings.json")))
        #expect(throws: FileError.self) { try RunRecord(folder) }
    }
}
