import Foundation
import Testing

/// The list of kernels is the header.
@Suite struct KernelListTests {
    @Test func `every function of the header is called directly by a test of this folder`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let root = folder.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let header = try String(
            contentsOf: root.appending(path: "Sources/CKernels/include/CKernels.h"),
            encoding: .utf8)
        let declaration = /(?m)^\w[\w ]*[ *](strata_\w+)\(/
        let functions = header.matches(of: declaration).map { String($0.output.1) }
        #expect(functions.contains("strata_run_im2col") && functions.count > 35)

        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "swift" && !#filePath.hasSuffix($0.lastPathComponent) }
        let tests = try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let names = Set(tests.matches(of: /\bstrata_\w+/).map { String($0.output) })
        // It changes the number of threads of all tests, and DeterminismTests count on theirs.
        let exceptions: Set = ["strata_set_threads"]
        let missing = functions.filter { !names.contains($0) && !exceptions.contains($0) }
        #expect(missing.isEmpty, "these kernels have no direct test")
    }
}
