import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// The published files, laid out as a download would leave them.
private enum PreparedData {
    static let source = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/data").path

    static let isThere = FileManager.default.fileExists(atPath: "\(source)/prepare")

    @TaskLocal static var cache: DatasetCache?
}

/// Prepares the files once for a whole suite, and takes them away after it.
private struct PreparedDataTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "\(PreparedData.source)/prepare")
        process.arguments = [folder.path]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        // Nothing listens there, so that nothing can be downloaded into it.
        let cache = DatasetCache(
            directory: folder.path, mirror: "http://127.0.0.1:9",
            output: ProgressOutput(isTerminal: false) { _ in })
        try await PreparedData.$cache.withValue(cache) { try await function() }
        // The folder lasts as long as this object.
        withExtendedLifetime(folder) {}
    }
}

@Suite(
    .serialized, PreparedDataTrait(),
    .enabled(if: PreparedData.isThere, "the published files are not beside the package"))
struct RealDatasetTests {
    private let cache: DatasetCache

    init() throws {
        cache = try #require(PreparedData.cache)
    }

    /// The sum of all pixels, which is exact in `Int`.
    private func sum(_ tensor: Tensor) -> Int {
        guard case .uint8(let values) = tensor.storage else { return -1 }
        return values.withUnsafeBufferPointer { $0.reduce(0) { $0 + Int($1) } }
    }

    struct Facts: Sendable, CustomTestStringConvertible {
        var name: String
        var trainShape: [Int]
        var testShape: [Int]
        var labelShape: [Int]
        var trainSum: Int
        var testSum: Int
        var firstTrainLabels: [Int]
        var firstTestLabels: [Int]
        var testDescription: String { name }
    }

    // Python: numpy.frombuffer of the files' contents past their headers, .sum() and [:8].
    static let facts = [
        Facts(
            name: "fashion_mnist", trainShape: [60000, 28, 28], testShape: [10000, 28, 28],
            labelShape: [10000],
            trainSum: 3_431_114_169, testSum: 573_469_082,
            firstTrainLabels: [9, 0, 0, 3, 0, 2, 7, 2], firstTestLabels: [9, 2, 1, 1, 6, 1, 4, 6]),
        Facts(
            name: "mnist", trainShape: [60000, 28, 28], testShape: [10000, 28, 28],
            labelShape: [10000],
            trainSum: 1_567_298_545, testSum: 264_923_200,
            firstTrainLabels: [5, 0, 4, 1, 9, 2, 1, 3], firstTestLabels: [7, 2, 1, 0, 4, 1, 4, 9]),
        Facts(
            name: "cifar10", trainShape: [50000, 32, 32, 3], testShape: [10000, 32, 32, 3],
            labelShape: [10000, 1],
            trainSum: 18_540_682_003, testSum: 3_732_770_218,
            firstTrainLabels: [6, 9, 9, 4, 1, 1, 2, 7], firstTestLabels: [3, 8, 8, 0, 6, 6, 1, 6]),
    ]

    @Test(arguments: facts)
    func `the published pictures and labels are read`(_ facts: Facts) throws {
        let set = try #require(DatasetInfo.named(facts.name))
        let (train, test) = try set.load(from: cache)
        #expect(train.x.shape == facts.trainShape)
        #expect(test.x.shape == facts.testShape)
        #expect(test.y.shape == facts.labelShape)
        #expect(train.count == set.trainCount && test.count == set.testCount)
        #expect(sum(train.x) == facts.trainSum)
        #expect(sum(test.x) == facts.testSum)
        #expect(train.y[0..<8].integers == facts.firstTrainLabels)
        #expect(test.y[0..<8].integers == facts.firstTestLabels)
        for label in 0..<10 {
            #expect(train.y.integers.contains(label))
        }
    }

    @Test func `a CIFAR-10 picture's colours are side by side`() throws {
        let train = try CIFAR10.load(from: cache).train
        // Python: open(".../data_batch_1.bin", "rb").read(), bytes 1 + 0, 1 + 1024, 1 + 2048.
        #expect(train.x[0][0][0].integers == [59, 62, 63])
        #expect(train.x[49_999][31][31].integers == [163, 163, 161])
    }

    // Python, Pillow 13.0.0: numpy.asarray(image), its sum, and that of image.convert("L").
    static let photos: [(name: String, shape: [Int], sum: Int, greySum: Int)] = [
        ("train/ants/0013035.jpg", [512, 768, 3], 178_073_673, 54_111_791),
        ("train/ants/1095476100_3906d8afde.jpg", [282, 500, 3], 51_052_829, 17_797_187),
        ("val/bees/2415414155_1916f03b42.jpg", [333, 500, 3], 56_515_610, 21_432_681),
        ("val/bees/2438480600_40a1249879.jpg", [333, 500, 3], 53_154_714, 18_128_642),
    ]

    @Test(arguments: photos.indices)
    func `a photograph has the pixels that Pillow finds in it`(_ index: Int) throws {
        let (name, shape, expected, grey) = RealDatasetTests.photos[index]
        let photo = try ImageDecoder.decode(file: cache.location("photos/\(name)"))
        #expect(photo.shape == shape)
        #expect(sum(photo) == expected)
        #expect(try sum(photo.converted(to: .grayscale)) == grey)
    }

    @Test func `the stray GIF among the photographs is named as one`() throws {
        let path = cache.location("photos/train/ants/imageNotFound.gif")
        #expect(
            throws: DataError.unknownImageFormat(
                file: path, found: "it looks like a GIF file, which is not read")
        ) {
            try ImageDecoder.decode(file: path)
        }
    }
}
