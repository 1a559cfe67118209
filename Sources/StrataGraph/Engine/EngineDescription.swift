/// What an engine computes with, for reports.
package struct EngineDescription: Sendable, Hashable {
    /// The library and its version: `oneDNN 2.6.3`.
    package let library: String
    /// The newest instructions of the processor that it uses: `AVX-512 with bfloat16`.
    package let instructions: String
    /// Whether computing in `bfloat16` is not slower than in `float32`.
    package let computesBfloat16: Bool

    package init(library: String, instructions: String, computesBfloat16: Bool) {
        self.library = library
        self.instructions = instructions
        self.computesBfloat16 = computesBfloat16
    }
}
