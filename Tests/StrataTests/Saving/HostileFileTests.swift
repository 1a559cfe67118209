import Foundation
import Testing

@testable import Strata

/// Files that are made to do harm: refused soon, whatever they claim.
@Suite struct HostileFileTests {
    /// A second of the processor, where the compiler optimises: other processes do not count.
    ///
    /// Without, loops over bytes take about ten times as long: no call in them is inlined, and every access
    /// and addition is checked.
    #if DEBUG
        private static let bound = 10.0
    #else
        private static let bound = 1.0
    #endif

    /// What the thread has used of the processor, in seconds.
    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    @Test(arguments: HostileFile.all)
    func `a hostile file is refused within a second`(hostile: HostileFile) {
        let start = Self.processorTime
        #expect(throws: (any Error).self) { try hostile.read() }
        #expect(Self.processorTime - start < Self.bound)
    }

    @Test func `hostile files take less than 200 MB`() async {
        // A process of its own, in which nothing else takes memory.
        await #expect(processExitsWith: .success) {
            for hostile in HostileFile.all {
                // Says that the most memory so far shall be that of now (proc_pid_clear_refs(5)).
                try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
                _ = try? hostile.read()
                let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
                let line = try #require(
                    status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
                let kilobytes = try #require(Int(line.filter(\.isNumber)))
                #expect(kilobytes < 200_000, "\(hostile.testDescription)")
            }
        }
    }
}
