import Foundation
import StrataTestSupport
import Testing

@testable import Strata
@testable import StrataVisualization

@Suite struct ContinuedRunTests {
    private struct Crash: Error {}

    private func model() throws -> Model {
        let model = try Sequential {
            Input(shape: [1])
            Dense(1, kernelInitializer: .ones)
        }
        try model.compile(optimizer: SGD(learningRate: 0.01), loss: .meanSquaredError)
        return model
    }

    @discardableResult
    private func fit(
        _ model: Model, epochs: Int = 4, from first: Int = 0, _ callbacks: [Callback]
    ) throws -> History {
        try model.fit(
            Tensor([1, 2, 3, 4], shape: [4, 1]), Tensor([2, 4, 6, 8], shape: [4, 1]),
            batchSize: 2, epochs: epochs, verbose: .silent, callbacks: callbacks, shuffle: false,
            initialEpoch: first)
    }

    /// The record's epochs without their times.
    private func epochs(of folder: RunFolder) throws -> [[String: JSONValue]] {
        try RunRecord(folder).epochs.map { $0.filter { $0.key != "seconds" } }
    }

    private func csv(_ folder: RunFolder) throws -> String {
        try String(contentsOfFile: folder.file("metrics.csv"), encoding: .utf8)
    }

    private func append(_ text: String, to path: String) throws {
        try FileContents.append(Array(text.utf8), to: path)
    }

    @Test func `a folder of a chosen path is made, or used as it is`() throws {
        let place = try TemporaryFolder()
        let path = "\(place.path)/search/trials/0007"
        #expect(try RunFolder.create(at: path).path == path)
        try append("x", to: "\(path)/note")
        #expect(FileContents.size(of: try RunFolder.create(at: path).file("note")) == 1)
        let error = #expect(throws: FileError.self) { try RunFolder.create(at: "\(path)/note") }
        #expect(error?.description.hasSuffix("; name another folder for runs") == true)
    }

    @Test(arguments: [false, true])
    func `a resumed run has the records of one that was not interrupted`(
        isRecorderFirst: Bool
    ) throws {
        let place = try TemporaryFolder()
        let whole = try RunFolder.create(at: "\(place.path)/whole")
        try fit(try model(), [RunRecorder(whole)])
        let folder = try RunFolder.create(at: "\(place.path)/parts")
        let callbacks = { () -> [Callback] in
            let both = [RunRecorder(folder), BackupAndRestore("\(place.path)/backup")]
            return isRecorderFirst ? both : both.reversed()
        }
        let crash = LambdaCallback(onEpochBegin: { if $0 == 2 { throw Crash() } })
        #expect(throws: Crash.self) { try fit(try model(), callbacks() + [crash]) }
        // What a killed process leaves: a later epoch that was not saved, and half a line.
        try append(
            "{\"epoch\": 3, \"loss\": 9, \"seconds\": 1}\n{\"epoch\": 4, \"lo",
            to: folder.file("metrics.jsonl"))
        try append("3,9.0,NA\r\n4,8", to: folder.file("metrics.csv"))
        try fit(try model(), callbacks())
        #expect(try epochs(of: folder) == epochs(of: whole))
        #expect(try csv(folder) == csv(whole))
        #expect(try RunRecord(folder).result["epochs"] == 4)
        let drawing = try String(contentsOfFile: folder.file("history.svg"), encoding: .utf8)
        #expect(
            try drawing == String(contentsOfFile: whole.file("history.svg"), encoding: .utf8))
    }

    @Test func `the time is that of the kept epochs and of the last part, the start the first`()
        throws
    {
        let place = try TemporaryFolder()
        let folder = try RunFolder.create(at: "\(place.path)/run")
        try append("{\"started\": \"long ago\"}", to: folder.file("settings.json"))
        try append(
            """
            {"epoch": 1, "loss": 3.5, "seconds": 1000}
            {"epoch": 2, "loss": [2.5, NaN], "seconds": 2000.5}
            {"epoch": 3, "loss": 1.5, "seconds": 90000}

            """, to: folder.file("metrics.jsonl"))
        try fit(try model(), from: 2, [RunRecorder(folder)])
        let record = try RunRecord(folder)
        #expect(record.settings["started"] == "long ago")
        #expect(record.epochs.map { $0["epoch"] } == [1, 2, 3, 4])
        let seconds = try #require(record.seconds)
        #expect(seconds >= 3000.5 && seconds < 90000)
    }

    @Test func `a run that begins with the first epoch has no records of an earlier one`() throws {
        let place = try TemporaryFolder()
        let folder = try RunFolder.create(at: place.path)
        try fit(try model(), [RunRecorder(folder)])
        try fit(try model(), epochs: 2, [RunRecorder(folder)])
        #expect(try RunRecord(folder).epochs.count == 2)
        #expect(try csv(folder).split(whereSeparator: \.isNewline).count == 3)
    }

    @Test func `training that was complete already keeps all records`() throws {
        let place = try TemporaryFolder()
        let folder = try RunFolder.create(at: "\(place.path)/run")
        let callbacks = { () -> [Callback] in
            [
                RunRecorder(folder),
                BackupAndRestore("\(place.path)/backup", deleteCheckpoint: false),
            ]
        }
        try fit(try model(), callbacks())
        let (before, loss) = (try epochs(of: folder), try RunRecord(folder).result["loss"])
        try fit(try model(), callbacks())
        #expect(try epochs(of: folder) == before)
        #expect(try RunRecord(folder).result["epochs"] == 4)
        #expect(try RunRecord(folder).result["loss"] == loss)
    }

    @Test func `without drawings there are only records`() throws {
        let place = try TemporaryFolder()
        let folder = try RunFolder.create(at: place.path)
        try fit(try model(), [RunRecorder(folder, drawings: false)])
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(files == ["metrics.csv", "metrics.jsonl", "result.json", "settings.json"])
    }
}
