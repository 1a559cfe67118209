import Foundation
import StrataTestSupport
import Testing

@testable import Strata

@Suite(.timeLimit(.minutes(10))) struct DatasetTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func cache(mirror: String? = nil) -> DatasetCache {
        DatasetCache(
            directory: folder.path, mirror: mirror,
            output: ProgressOutput(isTerminal: false) { _ in })
    }

    /// Two pictures to learn from and one to test with.
    private func writeIDX(_ set: String, labels: [UInt8] = [9, 0]) throws {
        let pixels = (0..<2 * 784).map { UInt8(truncatingIfNeeded: $0) }
        let files: [(String, [UInt8])] = [
            ("train-images-idx3-ubyte.gz", idx([2, 28, 28], pixels)),
            ("train-labels-idx1-ubyte.gz", idx([labels.count], labels)),
            ("t10k-images-idx3-ubyte.gz", idx([1, 28, 28], Array(pixels.suffix(784)))),
            ("t10k-labels-idx1-ubyte.gz", idx([1], [4])),
        ]
        for (name, bytes) in files { try folder.write(gzip(bytes), to: "\(set)/\(name)") }
    }

    @Test(arguments: [("fashion_mnist", "fashion-mnist"), ("mnist", "mnist")])
    func `grey sets are found in the cache`(_ name: String, _ folderName: String) throws {
        try writeIDX(folderName)
        let (train, test) = try #require(DatasetInfo.named(name)).load(from: cache())
        #expect(train.count == 2)
        #expect(train.x.shape == [2, 28, 28])
        #expect(train.x.dtype == .uint8)
        #expect(train.x[1][0][0..<2] == Tensor([16, 17] as [UInt8]))
        #expect(train.y == Tensor([9, 0] as [UInt8]))
        #expect(test.y == Tensor([4] as [UInt8]))
        #expect(train.classNames.count == 10)
    }

    @Test func `labels that do not match the pictures are refused`() throws {
        try writeIDX("mnist", labels: [1, 2, 3])
        #expect(
            throws: DataError.corruptSet(
                file: "\(folder.path)/mnist/train-labels-idx1-ubyte.gz",
                problem: "it has 3 labels for 2 pictures")
        ) {
            try MNIST.load(from: cache())
        }
    }

    @Test func `a label of ten among ten classes is refused`() throws {
        try writeIDX("fashion-mnist", labels: [1, 10])
        #expect(
            throws: DataError.corruptSet(
                file: "\(folder.path)/fashion-mnist/train-labels-idx1-ubyte.gz",
                problem: "it has the label 10, where there are 10 classes")
        ) {
            try FashionMNIST.load(from: cache())
        }
    }

    static let missing = [
        (
            "fashion_mnist", "fashion-mnist/train-images-idx3-ubyte.gz",
            "Fashion-MNIST", "train-images-idx3-ubyte.gz", "save it as FOLDER/PATH"
        ),
        (
            "mnist", "mnist/train-images-idx3-ubyte.gz", "MNIST",
            "train-images-idx3-ubyte.gz", "save it as FOLDER/PATH"
        ),
        (
            "cifar10", "cifar-10-batches-bin", "CIFAR-10", "cifar-10-binary.tar.gz",
            "unpack it in FOLDER"
        ),
        (
            "cifar100", "cifar-100-binary", "CIFAR-100", "cifar-100-binary.tar.gz",
            "unpack it in FOLDER"
        ),
    ]

    @Test(arguments: missing.indices)
    func `a set that is nowhere says where it was looked for and where to get it`(
        _ index: Int
    ) throws {
        let (name, path, title, file, cure) = DatasetTests.missing[index]
        let server = try HTTPStub([:])
        defer { server.stop() }
        let error = #expect(throws: DataError.self) {
            try #require(DatasetInfo.named(name)).load(from: cache(mirror: server.address))
        }
        #expect(
            error?.description
                == "\(title) is not in the cache, and downloading "
                + "\(server.address)/\(file) failed: the server answered 404 Not Found; "
                + "try again, or fetch that address by hand and "
                + cure.replacing("FOLDER", with: folder.path).replacing("PATH", with: path))
        #expect(folder.files == [])
    }

    @Test func `a CIFAR-100 picture has a fine and a coarse label`() throws {
        for (name, count) in [("train", 50_000), ("test", 10_000)] {
            var bytes = [UInt8](repeating: 7, count: count * 3074)
            (bytes[0], bytes[1]) = (19, 99)
            try folder.write(bytes, to: "cifar-100-binary/\(name).bin")
        }
        let fine = try CIFAR100.load(from: cache())
        #expect(fine.train.x.shape == [50_000, 32, 32, 3])
        #expect(fine.test.y.shape == [10_000, 1])
        #expect(fine.test.y[0..<2].integers == [99, 7])
        #expect(fine.test.classNames[99] == "worm")
        let coarse = try CIFAR100.load(labelMode: .coarse, from: cache())
        #expect(coarse.test.y[0..<2].integers == [19, 7])
        #expect(coarse.test.classNames[19] == "vehicles_2")
    }

    @Test func `each set has a name, a place and a line about it`() throws {
        let lines = DatasetInfo.all.map { set in
            "\(set.name): \(set.title), \(set.summary); "
                + (set.location(in: cache())?.replacing(folder.path, with: "CACHE") ?? "no file")
        }
        #expect(
            lines == [
                "fashion_mnist: Fashion-MNIST, 60000 + 10000 grey pictures of clothes, 28 × 28, "
                    + "10 classes; CACHE/fashion-mnist",
                "mnist: MNIST, 60000 + 10000 grey pictures of handwritten digits, 28 × 28, "
                    + "10 classes; CACHE/mnist",
                "cifar10: CIFAR-10, 50000 + 10000 colour pictures of vehicles and animals, "
                    + "32 × 32, 10 classes; CACHE/cifar-10-batches-bin",
                "cifar100: CIFAR-100, 50000 + 10000 colour pictures of a hundred kinds of thing, "
                    + "32 × 32, 100 classes; CACHE/cifar-100-binary",
                "shapes: Shapes, 20000 + 4000 grey pictures of drawn figures, 28 × 28, "
                    + "10 classes; no file",
            ])
    }

    @Test func `a set is in the cache when all of its files are`() throws {
        let set = try #require(DatasetInfo.named("mnist"))
        #expect(!set.isCached(in: cache()))
        #expect(set.cachedByteCount(in: cache()) == 0)
        try folder.write([1, 2, 3], to: "mnist/train-images-idx3-ubyte.gz")
        #expect(!set.isCached(in: cache()))
        #expect(set.cachedByteCount(in: cache()) == 3)
        try writeIDX("mnist")
        #expect(set.isCached(in: cache()))
        #expect(try #require(DatasetInfo.named("shapes")).isCached(in: cache()))
    }

    @Test(arguments: ["fashion_mnist", "fashion-mnist", "FashionMNIST"])
    func `a set is found however its name is written`(_ name: String) {
        #expect(DatasetInfo.named(name)?.title == "Fashion-MNIST")
    }

    @Test func `an unknown name is no set`() {
        #expect(DatasetInfo.named("imagenet") == nil)
    }

    @Test func `part of a set keeps its labels`() throws {
        let set = try LabelledImages(
            x: Tensor([1, 2, 3, 4, 5, 6] as [UInt8], shape: [3, 1, 2]),
            y: Tensor([0, 1, 0] as [UInt8], shape: [3, 1]), classNames: ["a", "b"])
        let part = set[1..<3]
        #expect(part.count == 2)
        #expect(part.x == Tensor([3, 4, 5, 6] as [UInt8], shape: [2, 1, 2]))
        #expect(part.y == Tensor([1, 0] as [UInt8], shape: [2, 1]))
        #expect(part.classNames == ["a", "b"])
    }

    @Test func `more labels than pictures are refused`() {
        let error = #expect(throws: DataError.self) {
            try LabelledImages(
                x: .zeros([2, 4, 4]), y: Tensor([0, 1, 0] as [UInt8]), classNames: ["a", "b"])
        }
        #expect(
            error?.description
                == "pictures of shape [2, 4, 4] do not go with labels of shape [3]; "
                + "make their first dimensions equal")
    }
}
