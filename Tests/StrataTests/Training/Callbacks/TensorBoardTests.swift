import Foundation
import StrataONNX
import StrataTestSupport
import Testing

@testable import Strata

@Suite struct TensorBoardTests {
    @Test(arguments: [
        // RFC 3720, appendix B.4, and the usual check value of the polynomial.
        ([UInt8](repeating: 0, count: 32), UInt32(0x8A91_36AA)),
        ([UInt8](repeating: 0xFF, count: 32), UInt32(0x62A8_AB43)),
        ([UInt8](0..<32), UInt32(0x46DD_794E)),
        ([UInt8]("123456789".utf8), UInt32(0xE306_9283)),
    ])
    func `checksums are Castagnoli's`(bytes: [UInt8], checksum: UInt32) {
        #expect(CRC32C.checksum(bytes) == checksum)
    }

    @Test func `messages are encoded as protocol buffers`() {
        // protobuf.dev, "Encoding": 150 in field 1, "testing" in field 2.
        var buffer = ProtocolBuffer()
        buffer.append(1, 150)
        buffer.append(2, "testing")
        #expect(
            buffer.bytes
                == [0x08, 0x96, 0x01, 0x12, 7, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67])
        // -2 as a 64-bit number takes ten bytes.
        var negative = ProtocolBuffer()
        negative.append(1, -2)
        #expect(
            negative.bytes == [0x08, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01])
    }

    @Test func `a histogram counts all values, the largest in the last interval`() {
        let histogram = Histogram([0, 1, 2, 30, .nan])
        #expect(histogram.buckets.count == 30)
        #expect(histogram.buckets.map(\.count) == [1, 1, 1] + Array(repeating: 0, count: 26) + [1])
        #expect(histogram.buckets[29].start == 29)
        #expect(histogram.buckets[29].end == 30)
        #expect(Histogram([5, 5]).buckets.map(\.count).suffix(2) == [0, 2])
        #expect(Histogram([]).buckets.allSatisfy { $0 == (0, 0, 0) })
    }

    @Test(
        arguments: [
            // A bias is a column of what TensorFlow calls a picture; ones of no size are none.
            ([3], [3, 1], 1), ([1, 2], [2, 1], 1), ([4, 2], [2, 4], 1), ([2, 4], [2, 4], 1),
            ([3, 3, 1, 8], [3, 3], 3), ([2, 2, 2], [2, 2], 2), ([2, 5, 6, 3], [5, 6], 2),
            ([2, 5, 6, 2], nil, 0), ([1], nil, 0), ([2, 2, 2, 2, 3], nil, 0),
        ] as [([Int], [Int]?, Int)])
    func `a weight is drawn as in Keras`(shape: [Int], size: [Int]?, count: Int) throws {
        let images = WeightImages(Tensor.zeros(shape))
        #expect(images.map { [$0.height, $0.width] } == size)
        #expect(try images?.files.count ?? 0 == count)
    }

    @Test func `a weight's picture is black at 0 and white at 1, a tall one on its side`() throws {
        let weight = Tensor([-1, 0, 0.5, 1, 2, 0.25], shape: [3, 2])
        let file = try #require(try WeightImages(weight)?.files.first)
        let picture = try ImageDecoder.decode(file)
        // 255.5 times the values, cut off: 127.75 and 63.875.
        #expect(picture.shape == [2, 3, 1])
        #expect(picture.integers == [0, 127, 255, 0, 255, 63])
    }

    // MARK: Whole runs

    private static func run(in folder: String) throws -> History {
        let model = try Sequential(name: "net") {
            Input(shape: [2], name: "entry")
            Dense(1, kernelInitializer: .ones, name: "dense")
        }
        try model.compile(
            optimizer: SGD(learningRate: 0.0078125), loss: .meanSquaredError,
            metrics: [.meanAbsoluteError])
        let x = Tensor([1, 2, 3, 4, 5, 6, 7, 8], shape: [4, 2])
        let y = Tensor([1, 2, 3, 4], shape: [4, 1])
        return try model.fit(
            x, y, batchSize: 1, epochs: 2, verbose: .silent,
            callbacks: [
                TensorBoard(
                    folder, histogramFrequency: 1, writesImages: true,
                    updateFrequency: .batches(3))
            ], validationData: (x, y))
    }

    /// The tags of scalars with their steps and values, and the tags of others, in a folder's one file.
    private func events(_ folder: String) throws -> (scalars: [String: [Int: Float]], [String]) {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.count == 1)
        let name = try #require(files.first)
        #expect(name.hasPrefix("events.out.tfevents.") && name.hasSuffix(".v2"))
        var records = EventRecords(try FileContents.read("\(folder)/\(name)"))
        var scalars: [String: [Int: Float]] = [:]
        var others: [String] = []
        let version = try #require(try records.next())
        #expect(version.text(3) == "brain.Event:2")
        while let event = try records.next() {
            let value = try #require(event.message(5)?.message(1))
            let tag = try #require(value.text(1))
            let plugin = value.message(9)?.message(1)?.text(1)
            if plugin == "scalars" {
                let bytes = try #require(value.message(8)?.bytes(5))
                let bits = bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                scalars[tag, default: [:]][event.varint(2) ?? 0] = Float(bitPattern: bits)
            } else {
                others.append("\(plugin ?? "") \(tag)")
            }
        }
        return (scalars, others)
    }

    @Test func `quantities stand under Keras's tags, at its steps`() throws {
        let folder = try TemporaryFolder()
        let history = try Self.run(in: folder.path)
        let (train, others) = try events("\(folder.path)/train")
        #expect(
            train.keys.sorted() == [
                "batch_loss", "batch_mean_absolute_error", "epoch_learning_rate", "epoch_loss",
                "epoch_mean_absolute_error",
            ])
        #expect(train["epoch_loss"] == [0: history["loss"][0], 1: history["loss"][1]])
        #expect(train["epoch_learning_rate"] == [0: 0.0078125, 1: 0.0078125])
        #expect(train["batch_loss"]?.keys.sorted() == [3, 6])
        #expect(
            others == [
                "graph_keras_model keras", "histograms net/dense/kernel/histogram",
                "images net/dense/kernel/image", "histograms net/dense/bias/histogram",
                "histograms net/dense/kernel/histogram", "images net/dense/kernel/image",
                "histograms net/dense/bias/histogram",
            ])
        let (validation, _) = try events("\(folder.path)/validation")
        #expect(
            validation.keys.sorted() == [
                "epoch_loss", "epoch_mean_absolute_error", "evaluation_loss_vs_iterations",
                "evaluation_mean_absolute_error_vs_iterations",
            ])
        #expect(validation["epoch_loss"]?[1] == history["val_loss"][1])
        #expect(
            validation["evaluation_loss_vs_iterations"]
                == [4: history["val_loss"][0], 8: history["val_loss"][1]])
    }

    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["STRATA_TENSORBOARD_PYTHON"] != nil,
            "STRATA_TENSORBOARD_PYTHON names no Python with TensorBoard"))
    func `TensorBoard reads the files`() throws {
        let folder = try TemporaryFolder()
        let history = try Self.run(in: folder.path)
        let environment = ProcessInfo.processInfo.environment
        let process = Process()
        process.executableURL = URL(
            filePath: try #require(environment["STRATA_TENSORBOARD_PYTHON"]))
        process.arguments = [
            URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../Fixtures/tensorboard/read.py").path, folder.path,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let json = try JSONValue(parsing: Array(data))
        for (place, values) in [
            ("train/epoch_loss", history["loss"]), ("validation/epoch_loss", history["val_loss"]),
        ] {
            guard case .array(let items)? = json[place] else {
                Issue.record("\(place) is missing")
                continue
            }
            let found = items.compactMap { item -> Float? in
                if case .number(let number) = item { Float(number) } else { nil }
            }
            #expect(found == values)
        }
        #expect(json["histograms"] == ["net/dense/bias/histogram", "net/dense/kernel/histogram"])
        #expect(json["images"] == ["net/dense/kernel/image"])
        #expect(json["layers"] == ["net/dense", "net/entry"])
    }
}

/// The records of a file of events, with their checksums compared.
struct EventRecords {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func number(_ count: Int) -> UInt64 {
        defer { position += count }
        return bytes[position..<position + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func next() throws -> WireMessage? {
        if position == bytes.count { return nil }
        try #require(position + 12 <= bytes.count)
        let head = Array(bytes[position..<position + 8])
        let length = Int(number(8))
        #expect(number(4) == UInt64(CRC32C.masked(head)))
        try #require(position + length + 4 <= bytes.count)
        let data = Array(bytes[position..<position + length])
        position += length
        #expect(number(4) == UInt64(CRC32C.masked(data)))
        return WireMessage(data)
    }
}

/// The fields of a message of protocol buffers; of repeated ones the first.
struct WireMessage {
    private var fields: [Int: [UInt8]] = [:]
    private var numbers: [Int: Int] = [:]

    init(_ bytes: [UInt8]) {
        var position = 0
        func varint() -> Int {
            var value = 0
            var shift = 0
            while position < bytes.count {
                let byte = Int(bytes[position])
                position += 1
                value |= (byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return value
        }
        while position < bytes.count {
            let tag = varint()
            let field = tag >> 3
            switch tag & 7 {
            case 0: numbers[field] = varint()
            case 1: position += 8
            default:
                let count = varint()
                let end = min(position + count, bytes.count)
                if fields[field] == nil { fields[field] = Array(bytes[position..<end]) }
                position = end
            }
        }
    }

    func bytes(_ field: Int) -> [UInt8]? { fields[field] }
    func text(_ field: Int) -> String? { fields[field].map { String(decoding: $0, as: UTF8.self) } }
    func message(_ field: Int) -> WireMessage? { fields[field].map(WireMessage.init) }
    func varint(_ field: Int) -> Int? { numbers[field] }
}
