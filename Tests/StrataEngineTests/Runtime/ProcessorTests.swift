import Foundation
import Testing

@testable import StrataEngine

@Suite struct ProcessorTests {
    private static let limit = ProcessInfo.processInfo.environment["ONEDNN_MAX_CPU_ISA"]

    @Test(
        .enabled(
            if: limit.map { ["SSE41", "AVX", "AVX2"].contains($0) } ?? false,
            "ONEDNN_MAX_CPU_ISA does not rule AVX-512 out"))
    func `what ONEDNN_MAX_CPU_ISA rules out is not planned`() {
        #expect(!Processor.hasAVX512)
        #expect(!Processor.computesBfloat16)
    }
}
