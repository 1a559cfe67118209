import Foundation
import StrataTestSupport
import Testing

@testable import Strata
@testable import StrataVisualization

/// Each call of the file system fails in turn while a run is recorded.
@Suite(
    .disabled(if: hasSanitizer, "no faults with a sanitizer"), .timeLimit(.minutes(5)))
struct RunFaultTests {
    private struct Mixed: Error {
        let text: String
    }

    private static func model() throws -> Model {
        let model = try Sequential(name: "net") {
            Input(shape: [1])
            Dense(1, kernelInitializer: .ones)
        }
        try model.compile(optimizer: SGD(learningRate: 0), loss: .meanSquaredError)
        return model
    }

    /// Records one epoch more than the folder has.
    private static func record(_ folder: RunFolder, epochs: Int) throws {
        let model = try model()
        try model.fit(
            Tensor.zeros([2, 1]), Tensor.zeros([2, 1]), epochs: epochs, verbose: .silent,
            callbacks: [RunRecorder(folder, drawings: false)], initialEpoch: epochs - 1)
    }

    /// All epochs of the record, whose result is none or that of these epochs.
    private static func epochs(of folder: RunFolder) throws -> Int? {
        guard FileContents.size(of: folder.file("settings.json")) != nil else { return nil }
        let record = try RunRecord(folder)
        let epochs = record.epochs.map { $0["epoch"]?.integer }
        guard epochs == (0..<epochs.count).map({ $0 + 1 }) else {
            throw Mixed(text: "\(record.epochs)")
        }
        if let count = record.result["epochs"]?.integer, count != epochs.count {
            throw Mixed(text: "\(record.result)")
        }
        let csv = String(
            decoding: try FileContents.read(folder.file("metrics.csv")), as: UTF8.self)
        for row in csv.components(separatedBy: "\r\n").dropLast().dropFirst()
        where row.filter({ $0 == "," }).count != 2 {
            throw Mixed(text: csv)
        }
        return epochs.count
    }

    @Test(arguments: FileFault.allCases)
    func `a call that fails leaves a record with whole epochs, which can be continued`(
        fault: FileFault
    ) throws {
        let writing = VersionedWriting("a run", replaces: [true]) { folder, version in
            try Self.record(RunFolder(folder), epochs: version)
        } read: { folder in
            try Self.epochs(of: RunFolder(folder))
        }
        let (count, problems) = try writing.findings(fault)
        #expect(count >= 30)
        #expect(problems == [])
    }

    @Test(arguments: FileFault.allCases)
    func `a call that fails leaves the old drawing or the new one`(fault: FileFault) throws {
        let (first, second) = (
            try Self.model().diagram(), try Self.model().diagram(direction: .leftToRight)
        )
        let place = try TemporaryFolder()
        let images = try [first, second].map { drawing in
            try drawing.write(to: "\(place.path)/model.png")
            return try place.read("model.png")
        }
        let writing = VersionedWriting("a drawing") { folder, version in
            try (version == 1 ? first : second).write(to: "\(folder)/model.png")
        } read: { folder in
            guard FileContents.size(of: "\(folder)/model.png") != nil else { return nil }
            let bytes = try FileContents.read("\(folder)/model.png")
            guard let index = images.firstIndex(of: bytes) else {
                throw Mixed(text: "\(bytes.count) bytes")
            }
            return index + 1
        }
        #expect(try writing.findings(fault).problems == [])
    }

    @Test func `a record that cannot be read is not replaced`() throws {
        let place = try TemporaryFolder()
        let folder = RunFolder(place.path)
        try Self.record(folder, epochs: 1)
        let path = folder.file("metrics.jsonl")
        let before = try FileContents.read(path)
        let (_, error) = FileFault.broken.inject(at: 1, below: path) {
            try Self.record(folder, epochs: 2)
        }
        #expect((error as? FileError)?.path == path)
        #expect(try FileContents.read(path) == before)
    }

    /// Two processes make twenty run folders each in one folder.
    @Test func `two processes take no run folder from each other`() async throws {
        let parent = Self.shared
        try? FileManager.default.removeItem(atPath: parent)
        defer { try? FileManager.default.removeItem(atPath: parent) }
        async let first = #expect(processExitsWith: .success) { try RunFaultTests.makeFolders("a") }
        async let second = #expect(processExitsWith: .success) {
            try RunFaultTests.makeFolders("b")
        }
        _ = await (first, second)
        let names = try FileManager.default.contentsOfDirectory(atPath: parent).sorted()
        #expect(names.map { String($0.prefix(4)) } == (1...40).map { RunFolder.padded($0) })
        for name in names {
            let text = try FileContents.read("\(parent)/\(name)/settings.json")
            #expect(String(decoding: text, as: UTF8.self) == "\"\(name.suffix(1))\"\n")
        }
    }

    private static var shared: String { NSTemporaryDirectory() + "strata-two-runs-\(getuid())" }

    static func makeFolders(_ name: String) throws {
        for _ in 0..<20 {
            try RunFolder.create(in: shared, name: name).write(.string(name), to: "settings.json")
        }
    }
}
