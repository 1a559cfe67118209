#if canImport(CAllocationCounter)
import CAllocationCounter
import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// What sums over ranks must not cost.
@Suite(.disabled(if: hasSanitizer, "a sanitizer allocates by itself"))
struct SumAllocationTests {
    @Test func `a hundred runs with sums allocate nothing`() async {
        await #expect(processExitsWith: .success) {
            Threads.use(1)
            let lone = LoneCommunicator()
            let executable = try Executable(
                Plan(ThreeLayers(lone, batch: 4, 1, wire: .bfloat16).graph()))
            for _ in 0..<3 { try executable.run() }
            ac_start()
            for _ in 0..<100 { try executable.run() }
            let count = ac_stop()
            #expect(count == 0, "\(count) allocations")
            #expect(lone.finishCount == 103 * 7)
            ac_start()
            let counted = [Int](repeating: 1, count: lone.finishCount)
            #expect(ac_stop() > 0)
            #expect(counted.count == lone.finishCount)
        }
    }
}
#endif
