import Foundation
import Testing

@testable import Strata

/// What happens when the engine cannot bring a variable into another layout.
@Suite struct VariableStorageTests {
    /// An engine's memory that gives nothing and takes nothing.
    private final class FailingStorage: VariableStorage {
        private struct OutOfMemory: Error, CustomStringConvertible {
            let description = "reorder: there is not enough memory"
        }

        func read() throws -> Tensor { throw OutOfMemory() }
        func write(_ tensor: Tensor) throws { throw OutOfMemory() }
    }

    private static let unreadable = """
        the value of kernel could not be read: reorder: there is not enough memory
          fix: free memory and try again, or load the last weights that were saved
        """
    private static let unwritable = """
        the value of kernel could not be written: reorder: there is not enough memory
          fix: free memory and try again, or load the last weights that were saved
        """

    private let model: Model
    private let file = FileManager.default.temporaryDirectory
        .appending(path: "strata-storage-\(UUID().uuidString).keras").path

    init() throws {
        model = try ModelFileTests.sequential()
        try model.getLayer(name: "dense").weight("kernel").adopt { _ in FailingStorage() }
    }

    @Test func `a weight that cannot be read is an error, and no zeros`() throws {
        let kernel = try model.getLayer(name: "dense").weight("kernel")
        let error = #expect(throws: VariableError.self) { try kernel.value }
        #expect(error?.description == Self.unreadable)
        #expect(throws: VariableError.self) { try model.getWeights() }
    }

    @Test func `a model whose weights cannot be read leaves no file`() throws {
        let error = #expect(throws: VariableError.self) { try model.save(file) }
        #expect(error?.description == Self.unreadable)
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func `a value that cannot be written is an error`() throws {
        let values = model.weights.map { Tensor.zeros($0.shape) }
        let error = #expect(throws: VariableError.self) { try model.setWeights(values) }
        #expect(error?.description == Self.unwritable)
    }

    @Test func `weights of a file that cannot be written are an error that names the file`() throws
    {
        defer { try? FileManager.default.removeItem(atPath: file) }
        try ModelFileTests.sequential().save(file)
        let error = #expect(throws: FileError.self) { try model.loadWeights(file) }
        #expect(
            error?.description
                == file
                + ": the value of kernel could not be written: reorder: there is not enough "
                + "memory; free memory and try again, or load the last weights that were saved")
    }
}
