import CKernels
import Foundation
import Testing

@testable import StrataEngine

@Suite struct ProcessorTests {
    private static let limit = ProcessInfo.processInfo.environment["ONEDNN_MAX_CPU_ISA"]
    /// The level of x86-64 that an instruction set belongs to.
    private static let levels: [String: Int32] = ["SSE41": 1, "AVX": 1, "AVX2": 3]

    @Test(
        .enabled(
            if: limit.map { levels[$0] != nil } ?? false,
            "ONEDNN_MAX_CPU_ISA does not rule AVX-512 out"))
    func `what ONEDNN_MAX_CPU_ISA rules out is neither planned nor used by kernels`() throws {
        #expect(!Processor.hasAVX512)
        #expect(!Processor.computesBfloat16)
        let most = try #require(Self.limit.flatMap { Self.levels[$0] })
        #expect(Processor.instructionLevel <= most)
        #expect(strata_instruction_level() == Processor.instructionLevel)
    }

    @Test(.enabled(if: limit == "AVX512_CORE", "ONEDNN_MAX_CPU_ISA is not AVX512_CORE"))
    func `AVX-512 without bfloat16 computes in float32`() {
        #expect(!Processor.computesBfloat16)
    }

    @Test func `there is bfloat16 only where there is AVX-512, on x86`() {
        #if arch(x86_64)
        #expect(!Processor.computesBfloat16 || Processor.hasAVX512)
        #endif
    }
}
