import Foundation
import StrataTestSupport
import Testing

/// `docs/keras.md` says what the code and the tests say.
@Suite struct KerasTableTests {
    private static let file = ProjectSources.root.appending(path: "docs/keras.md")

    /// The table counts the cases beside the package, too.
    @Test(.enabled(if: GoldenFolder.isThere, "the parity cases are not beside the package"))
    func `the table of Keras's symbols is up to date`() throws {
        let text = try KerasTable.text()
        if ProcessInfo.processInfo.environment["STRATA_WRITE_KERAS_TABLE"] != nil {
            try text.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: Self.file, encoding: .utf8)
        let (old, new) = (written.split(separator: "\n"), text.split(separator: "\n"))
        #expect(
            old == new,
            "run scripts/keras-table; \(new.difference(from: old).count) lines differ")
    }
}
