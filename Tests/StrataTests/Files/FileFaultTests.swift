import Foundation
import StrataONNX
import StrataTestSupport
import Testing

@testable import Strata

/// Each call of the file system fails in turn: the old file or the new one is there, as a whole.
@Suite(
    .disabled(if: hasSanitizer, "no faults with a sanitizer"), .timeLimit(.minutes(5)))
struct FileFaultTests {
    private struct Mixed: Error {
        let values: Set<Float>
    }

    /// A model whose weights are all one number.
    private static func model(_ version: Int) throws -> Model {
        let model = try Sequential(name: "net") {
            Input(shape: [4], name: "entry")
            Dense(3, name: "first")
            Dense(2, name: "last")
        }
        try model.compile(optimizer: SGD(learningRate: 0), loss: .meanSquaredError)
        try setWeights(of: model, version)
        return model
    }

    private static func setWeights(of model: Model, _ version: Int) throws {
        try model.setWeights(
            try model.getWeights().map { Tensor.zeros($0.shape) + Float(version) })
    }

    /// That number; 0 is none.
    private static func version(_ tensors: [Tensor]) throws -> Int? {
        let values = tensors.reduce(into: Set<Float>()) { $0.formUnion($1.scalars) }
        guard let value = values.first, values.count == 1 else { throw Mixed(values: values) }
        return value == 0 ? nil : Int(value)
    }

    private static func version(_ path: String, _ read: (String) throws -> [Tensor]) throws -> Int?
    {
        FileContents.size(of: path) == nil ? nil : try version(read(path))
    }

    private static func fit(_ model: Model, epochs: Int = 1, _ callbacks: [Callback]) throws {
        try model.fit(
            Tensor.zeros([2, 4]), Tensor.zeros([2, 2]), epochs: epochs, verbose: .silent,
            callbacks: callbacks)
    }

    private static var models: [VersionedWriting] {
        [
            VersionedWriting("a model") { folder, version in
                try model(version).save(to: "\(folder)/net.keras")
            } read: { folder in
                try version("\(folder)/net.keras") { try Model.load($0).getWeights() }
            },
            VersionedWriting("weights") { folder, version in
                try model(version).saveWeights(to: "\(folder)/net.weights.h5")
            } read: { folder in
                try version("\(folder)/net.weights.h5") { path in
                    let model = try model(0)
                    try model.loadWeights(from: path)
                    return try model.getWeights()
                }
            },
            VersionedWriting("weights in several files") { folder, version in
                // Another number of files in each version.
                try model(version).saveWeights(
                    to: "\(folder)/net.weights.json",
                    maxShardSize: (version == 1 ? 50 : 1000) * 0x1p-30
                )
            } read: { folder in
                try version("\(folder)/net.weights.json") { path in
                    let list = String(decoding: try FileContents.read(path), as: UTF8.self)
                    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                    // New files that have their final names too are listed, or gone.
                    guard names.allSatisfy({ !$0.contains(".new.") || list.contains($0) }) else {
                        throw Mixed(values: [])
                    }
                    let model = try model(0)
                    try model.loadWeights(from: path)
                    return try model.getWeights()
                }
            },
            VersionedWriting("an export") { folder, version in
                try model(version).export(to: "\(folder)/net.onnx")
            } read: { folder in
                let path = "\(folder)/net.onnx"
                if FileContents.size(of: path) == nil { return nil }
                let bytes = try FileContents.read(path)
                return try (1...2).first { try model($0).onnxFile().bytes == bytes } ?? 0
            },
            VersionedWriting("a checkpoint in a new folder") { folder, version in
                try fit(try model(version), [ModelCheckpoint("\(folder)/a/b/net.keras")])
            } read: { folder in
                try version("\(folder)/a/b/net.keras") { try Model.load($0).getWeights() }
            },
            VersionedWriting("a backup", replaces: [true]) { folder, version in
                let model = try model(0)
                // The weights are the number of epochs, as the progress is.
                let epochs = LambdaCallback(onEpochBegin: { try setWeights(of: model, $0 + 1) })
                try fit(
                    model, epochs: version,
                    [BackupAndRestore("\(folder)/backup", deleteCheckpoint: false), epochs])
            } read: { folder in
                let (model, backup) = (try model(0), BackupAndRestore("\(folder)/backup"))
                backup.model = model
                try backup.onTrainBegin()
                let version = try version(try model.getWeights())
                guard version == backup.resumption?.epoch else { throw Mixed(values: []) }
                return version
            },
        ]
    }

    private static var tensors: [VersionedWriting] {
        [
            VersionedWriting("safetensors") { folder, version in
                let tensor = Tensor.zeros([1000]) + Float(version)
                try Safetensors(["a": tensor, "b": tensor]).write(to: "\(folder)/net.safetensors")
            } read: { folder in
                try version("\(folder)/net.safetensors") { path in
                    Array(try Safetensors(contentsOf: path).tensors.values)
                }
            },
            VersionedWriting("an array of NumPy") { folder, version in
                try (Tensor.zeros([1000]) + Float(version)).save(to: "\(folder)/a.npy")
            } read: { folder in
                try version("\(folder)/a.npy") { [try Tensor(npy: $0)] }
            },
            VersionedWriting("arrays of NumPy") { folder, version in
                let tensor = Tensor.zeros([1000]) + Float(version)
                try Tensor.save(["a": tensor, "b": tensor], to: "\(folder)/a.npz")
            } read: { folder in
                try version("\(folder)/a.npz") { Array(try Tensor.arrays(npz: $0).values) }
            },
        ]
    }

    private static var files: [VersionedWriting] {
        [
            VersionedWriting("a second name") { folder, version in
                let bytes = [UInt8](repeating: UInt8(version), count: 1000)
                try FileContents.write(bytes, to: "\(folder)/latest")
                try FileContents.keep("\(folder)/latest", as: "\(folder)/kept")
            } read: { folder in
                guard FileContents.size(of: "\(folder)/kept") != nil else { return nil }
                return try version([Tensor(try FileContents.read("\(folder)/kept"))])
            },
            VersionedWriting("a table of epochs", replaces: [true]) { folder, version in
                let table = CSVLogger("\(folder)/metrics.csv", append: true)
                try table.onTrainBegin()
                for epoch in try rows(folder).count..<version {
                    try table.onEpochEnd(epoch, logs: ["loss": 0.5])
                }
            } read: { folder in
                let rows = try rows(folder)
                guard rows == (0..<rows.count).map({ "\($0),0.5,NA" }) else {
                    throw Mixed(values: [])
                }
                return rows.count
            },
        ]
    }

    /// The table's rows below the titles, without what has no line end.
    private static func rows(_ folder: String) throws -> [String] {
        guard FileContents.size(of: "\(folder)/metrics.csv") != nil else { return [] }
        let text = String(decoding: try FileContents.read("\(folder)/metrics.csv"), as: UTF8.self)
        return text.components(separatedBy: "\r\n").dropLast().dropFirst().map { $0 }
    }

    private static var writings: [VersionedWriting] { models + tensors + files }

    @Test(arguments: writings.map(\.name), FileFault.allCases)
    func `a call that fails leaves the old file or the new one`(
        name: String, fault: FileFault
    ) throws {
        let writing = try #require(Self.writings.first { $0.name == name })
        let (count, problems) = try writing.findings(fault)
        // At least open, write, sync, close, rename, and the folder's.
        #expect(count >= (name == "a table of epochs" ? 4 : 8))
        #expect(problems == [])
    }

    @Test(arguments: FileFault.allCases)
    func `a call that fails leaves a file of the cache as it was published, or none`(
        fault: FileFault
    ) throws {
        let bytes = [UInt8](repeating: 2, count: 1000)
        let server = try HTTPStub(["/a.gz": .init(body: bytes)])
        defer { server.stop() }
        let remote = RemoteFile(
            address: "\(server.address)/a.gz", byteCount: 1000, sha256: SHA256.hexadecimal(bytes))
        let writing = VersionedWriting("a download", replaces: [false]) { folder, _ in
            _ = try cache(folder).file("set/a.gz", of: "Set", from: remote)
        } read: { folder in
            guard FileContents.size(of: "\(folder)/set/a.gz") != nil else { return nil }
            return try Self.version([Tensor(try FileContents.read("\(folder)/set/a.gz"))])
        }
        let (count, problems) = try writing.findings(fault)
        #expect(count >= 9)
        #expect(problems == [])
    }

    @Test(arguments: FileFault.allCases)
    func `a call that fails leaves the files of an archive whole, or to be fetched again`(
        fault: FileFault
    ) throws {
        let parts = ["set/a.bin": [UInt8](repeating: 2, count: 700), "set/b.bin": [2, 2]]
        let archive = tarGzip(parts.map { tarEntry($0.key, $0.value) })
        let server = try HTTPStub(["/set.tar.gz": .init(body: archive)])
        defer { server.stop() }
        let remote = RemoteFile(
            address: "\(server.address)/set.tar.gz", byteCount: archive.count,
            sha256: SHA256.hexadecimal(archive))
        let writing = VersionedWriting("an archive", replaces: [false]) { folder, _ in
            _ = try cache(folder).folder(
                "set", holding: parts.mapValues(\.count), of: "Set", from: remote)
        } read: { folder in
            let paths = parts.keys.map { "\(folder)/\($0)" }
            let found = try paths.filter { FileContents.size(of: $0) != nil }.map {
                Tensor(try FileContents.read($0))
            }
            let version = found.isEmpty ? nil : try Self.version(found)
            return found.count == parts.count ? version : nil
        }
        let (count, problems) = try writing.findings(fault)
        #expect(count >= 16)
        #expect(problems == [])
    }

    private func cache(_ folder: String) -> DatasetCache {
        DatasetCache(
            directory: folder, mirror: nil, output: ProgressOutput(isTerminal: false) { _ in })
    }

    /// Half a line may stay where a process is killed, but not where its call fails.
    @Test(arguments: FileFault.allCases)
    func `a file of events never has half a record, and loses none`(fault: FileFault) throws {
        for call in 1...5 {
            let folder = try TemporaryFolder()
            let file = try EventFile(inFolder: folder.path)
            file.addScalar("loss", 0.5, step: 1)
            let error = fault.inject(at: call, below: folder.path) { try file.flush() }.error
            #expect(error.map { "\($0)".contains(folder.path) } ?? true)
            var records = EventRecords(try folder.read(try #require(folder.files.first)))
            var count = 0
            while try records.next() != nil { count += 1 }
            #expect(count == (error == nil ? 2 : 1))
            try file.flush()
            records = EventRecords(try folder.read(try #require(folder.files.first)))
            for _ in 0..<2 { #expect(try records.next() != nil) }
            #expect(try records.next() == nil)
        }
    }

    @Test func `a line without an end is cut off before the next one`() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("epoch,loss,val_loss\r\n0,0.5,NA\r\n1,0.".utf8), to: "metrics.csv")
        let table = CSVLogger("\(folder.path)/metrics.csv", append: true)
        try table.onTrainBegin()
        try table.onEpochEnd(1, logs: ["loss": 0.5])
        #expect(try Self.rows(folder.path) == ["0,0.5,NA", "1,0.5,NA"])
    }
}
