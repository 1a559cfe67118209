import Foundation
import StrataTestSupport
import Testing

@testable import StrataGraph

@Suite struct HostMemoryTests {
    /// A mebibyte.
    private static let unit = Double(1 << 20)

    private func group(_ folder: TemporaryFolder, _ files: [String: String]) throws -> ControlGroup
    {
        for (name, text) in files { try folder.write(Array(text.utf8), to: name) }
        return ControlGroup(root: folder.path, membership: "1:name=other:/x\n0::/a/b\n")
    }

    @Test func `without control groups there is no limit`() throws {
        let group = try group(TemporaryFolder(), [:])
        #expect(group.limit == .infinity)
        #expect(group.free == .infinity)
    }

    @Test func `the least limit of a control group and those around it counts`() throws {
        let folder = try TemporaryFolder()
        let group = try group(
            folder,
            [
                "a/b/memory.max": "max\n", "a/b/memory.current": "1000\n",
                "a/memory.max": "5000\n", "a/memory.current": "4000\n",
                "memory.max": "8000\n", "memory.current": "7500\n",
            ])
        #expect(group.limit == 5000)
        #expect(group.free == 500)
    }

    @Test func `files that only lie in memory count as free`() throws {
        let folder = try TemporaryFolder()
        let group = try group(
            folder,
            [
                "a/b/memory.max": "5000\n", "a/b/memory.current": "4500\n",
                "a/b/memory.stat": "anon 100\nfile 3000\ninactive_file 2000\nactive_file 1000\n",
            ])
        #expect(group.free == 2500)
    }

    @Test func `what no machine has is short, and says how much it is`() throws {
        #expect(HostMemory.shortage("a thing", byteCount: 1000) == nil)
        #expect(HostMemory.shortage("a thing", byteCount: 2 * Self.unit) == nil)
        let problem = try #require(HostMemory.shortage("a thing", byteCount: 0x1p60))
        #expect(
            problem.sentence.hasPrefix(
                "a thing needs 1024 PiB of memory and 32 MiB in reserve, and "))
        #expect(problem.sentence.hasSuffix(" are free"))
        #expect(HostMemory.shortage("a thing", byteCount: .infinity) != nil)
    }

    /// 16 MiB and 32 MiB in reserve are more than 40 MiB, which are free all the same.
    @Test func `what is free is said with what is kept in reserve`() async {
        await #expect(processExitsWith: .success) {
            #expect(HostMemory.shortage("a thing", byteCount: 16 * Self.unit) == nil)
            let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
            let pages = try #require(text.split(separator: " ").first.flatMap { Int($0) })
            let most = rlim_t(pages * sysconf(Int32(_SC_PAGESIZE)) + 40 * Int(Self.unit))
            var limit = rlimit(rlim_cur: most, rlim_max: most)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
            guard
                case .noMemory(_, let byteCount, let reserve, let free)? = HostMemory.shortage(
                    "a thing", byteCount: 16 * Self.unit)
            else {
                Issue.record("there was memory")
                return
            }
            #expect(byteCount == 16 * Self.unit)
            #expect(reserve == 32 * Self.unit)
            // What the test itself takes is small.
            #expect(free > 30 * Self.unit && free <= 40 * Self.unit)
            #expect(HostMemory.shortage("a thing", byteCount: 2 * Self.unit) == nil)
        }
    }
}
