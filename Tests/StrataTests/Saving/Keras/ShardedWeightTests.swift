import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Weights in several files; that Keras reads them and we its own is among the exchanged models.
@Suite struct ShardedWeightTests {
    /// Weights of 48, 12, 24 and 8 bytes.
    private func model() throws -> Model {
        try Sequential(name: "net") {
            Input(shape: [4], name: "entry")
            Dense(3, name: "first")
            Dense(2, name: "last")
        }
    }

    private func list(_ folder: TemporaryFolder) throws -> JSONValue {
        try JSONValue(inFile: FileContents.read("\(folder.path)/net.weights.json"))
    }

    @Test func `a file is full when the next weight has no room`() throws {
        let folder = try TemporaryFolder()
        let model = try model()
        try model.saveWeights(to: "\(folder.path)/net.weights.json", maxShardSize: 50 * 0x1p-30)
        // 48; 12 + 24 + 8.
        #expect(
            try list(folder)["weight_map"] == [
                "/layers/dense/vars": ["net_00000.weights.h5", "net_00001.weights.h5"],
                "/layers/dense_1/vars": "net_00001.weights.h5",
            ])
        #expect(try list(folder)["metadata"] == ["total_size": .number(92)])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "net.weights.json", "net_00000.weights.h5", "net_00001.weights.h5",
            ])
        let other = try self.model()
        try other.loadWeights(from: "\(folder.path)/net.weights.json")
        #expect(try other.getWeights() == model.getWeights())
        #expect(
            try other.loadWeights(from: "\(folder.path)/net.weights.json", byName: true)
                .isComplete)
    }

    @Test func `a weight that no file has room for is an error`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/net.weights.json"
        let thrown = #expect(throws: FileError.self) {
            try model().saveWeights(to: path, maxShardSize: 47 * 0x1p-30)
        }
        #expect(
            thrown?.description
                == "\(path): layers/dense/vars/0: a weight has 48 bytes, but a file may have 47; "
                + "make maxShardSize larger")
        #expect(throws: FileError.self) {
            try model().saveWeights(to: "\(folder.path)/net.weights.h5", maxShardSize: 1)
        }
    }

    @Test(arguments: [
        ("{}", "weight_map: it lists no files with weights"),
        (
            #"{"weight_map": {"/a": "../b.weights.h5"}}"#,
            "weight_map: /a: the name of a file beside this one is expected here"
        ),
        (
            #"{"weight_map": {"/a": ["/etc/passwd"]}}"#,
            "weight_map: /a: the name of a file beside this one is expected here"
        ),
        (
            #"{"weight_map": {"/a": 1}}"#,
            "weight_map: /a: the name of a file beside this one is expected here"
        ),
    ])
    func `a list that is none is an error`(text: String, message: String) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/net.weights.json"
        try FileContents.write(Array(text.utf8), to: path)
        let thrown = #expect(throws: FileError.self) { try model().loadWeights(from: path) }
        #expect(thrown?.description == "\(path): \(message)")
    }

    @Test func `a file that is not there, or has what another has, is an error`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/net.weights.json"
        try model().saveWeights(to: path, maxShardSize: 50 * 0x1p-30)
        let second = "\(folder.path)/net_00001.weights.h5"
        try FileManager.default.removeItem(atPath: second)
        #expect(throws: FileError.self) { try model().loadWeights(from: path) }
        try FileManager.default.copyItem(
            atPath: "\(folder.path)/net_00000.weights.h5", toPath: second)
        let thrown = #expect(throws: FileError.self) { try model().loadWeights(from: path) }
        #expect(
            thrown?.description
                == "\(path): net_00001.weights.h5: layers: dense: vars: 0: another file has this "
                + "weight too")
    }
}
