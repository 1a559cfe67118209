import StrataTestSupport
import Testing

@testable import Strata

/// Damaged files of data are read or refused, and nothing else happens; as many as of models
/// (``FileFuzzTests``).
@Suite struct DataFuzzTests {
    enum Kind: String, CaseIterable {
        case npy
        case npz
        case idx
        case tar
        case csv
    }

    private let folder: TemporaryFolder
    private let tensor = Tensor((0..<6).map { Int32($0) }, shape: [2, 3])

    init() throws {
        folder = try TemporaryFolder()
    }

    private func original(_ kind: Kind) throws -> [UInt8] {
        let path = "\(folder.path)/original.\(kind)"
        switch kind {
        case .npy:
            try tensor.save(to: path)
            return try FileContents.read(path)
        case .npz:
            try Tensor.save(["a": tensor, "b": tensor], to: path)
            return try FileContents.read(path)
        case .idx: return idx([2, 2, 3], Array(1...12))
        case .tar: return tarEntry("a", [1, 2, 3]) + tarEntry("b", [4, 5])
        case .csv: return Array("name,\"size, in m\"\nfish,0.2\n\"bird \"\"b\"\"\",0.1\n".utf8)
        }
    }

    private func read(_ bytes: [UInt8], _ kind: Kind) throws {
        switch kind {
        case .npy: _ = try Tensor(npy: folder.write(bytes, to: "damaged.npy"))
        case .npz: _ = try Tensor.arrays(npz: folder.write(bytes, to: "damaged.npz"))
        // What is inside is damaged, since gzip has a checksum.
        case .idx:
            _ = try IDXFile.read(
                folder.write(gzip(bytes), to: "damaged.gz"), row: [2, 3], limit: 5)
        case .tar:
            _ = try TarArchive.extract(["a": 3, "b": 2], from: gzip(bytes), file: "a.tar.gz")
        case .csv:
            let table = try CSVTable(file: folder.write(bytes, to: "damaged.csv"))
            _ = try table.numbers(["size, in m"])
        }
    }

    @Test(arguments: Kind.allCases)
    func `damaged data are read or refused`(kind: Kind) throws {
        var random = SplitMix(seed: FileFuzzTests.seed &+ UInt64(kind.rawValue.utf8.count))
        let original = try original(kind)
        try read(original, kind)
        var refused = 0
        for _ in 0..<FileFuzzTests.count {
            do {
                try read(random.damaged(original), kind)
            } catch {
                refused += 1
            }
        }
        #expect(refused > FileFuzzTests.count / 20)
    }
}
