import Foundation
import StrataTestSupport
import Testing

@testable import Strata

/// Files that are made to do harm: refused soon, whatever they claim.
@Suite struct HostileFileTests {
    /// A second of the processor, where the compiler optimises: other processes do not count.
    ///
    /// Without, loops over bytes take about ten times as long: no call in them is inlined, and every access
    /// and addition is checked, as with a sanitizer.
    private static var bound: Double {
        #if DEBUG
        10
        #else
        hasSanitizer ? 10 : 1
        #endif
    }

    @Test(arguments: HostileFile.all)
    func `a hostile file is refused within a second`(hostile: HostileFile) throws {
        let bytes = try hostile.bytes()
        let time = processorTime {
            #expect(throws: (any Error).self) { try hostile.read(bytes) }
        }
        #expect(time < Self.bound)
    }

    @Test(.disabled(if: hasSanitizer, "a sanitizer takes memory of its own"))
    func `hostile files take less than 200 MB`() async {
        // A process of its own, in which nothing else takes memory.
        await #expect(processExitsWith: .success) {
            for hostile in HostileFile.all {
                // Says that the most memory so far shall be that of now (proc_pid_clear_refs(5)).
                try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
                _ = try? hostile.read(hostile.bytes())
                let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
                let line = try #require(
                    status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
                let kilobytes = try #require(Int(line.filter(\.isNumber)))
                #expect(kilobytes < 200_000, "\(hostile.testDescription)")
            }
        }
    }
}

/// What this thread uses of the processor for `body`, in seconds: other threads and processes do not count.
func processorTime(_ body: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    let start = now()
    body()
    return now() - start
}
