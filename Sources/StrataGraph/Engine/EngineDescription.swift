/// What an engine computes with, for reports.
package struct EngineDescription: Sendable, Hashable {
    /// The library and its version: `oneDNN 2.6.3`.
    package let library: String
    /// The newest instructions of the processor that it uses: `AVX-512 with bfloat16`.
    package let instructions: String

    package init(library: String, instructions: String) {
        self.library = library
        self.instructions = instructions
    }
}
