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
        #expect(problem.sentence.hasPrefix("a thing needs 1024 PiB of memory, and "))
        #expect(problem.sentence.hasSuffix(" are free"))
        #expect(HostMemory.shortage("a thing", byteCount: .infinity) != nil)
    }
}
