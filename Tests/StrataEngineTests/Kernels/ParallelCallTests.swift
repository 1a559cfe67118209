import CKernels
import Testing

/// Threads, memory and calls side by side.
@Suite struct ParallelCallTests {
    private static let answer: @convention(c) (UnsafeRawPointer?) -> Int32 = { argument in
        guard let counter = argument?.assumingMemoryBound(to: Int32.self) else { return 7 }
        UnsafeMutablePointer(mutating: counter).pointee += 1
        return 0
    }

    @Test(arguments: [1, 2, 3, 17])
    func `every call is made once`(count: Int) {
        let counters = Cells([Int32](repeating: 0, count: count))
        let arguments = Cells((0..<count).map { UnsafeRawPointer?(counters.base + $0) })
        let taken = Cells([Int32](repeating: 1, count: count))
        for run in 1...3 {
            strata_run_begins()
            call(
                strata_run_calls,
                strata_calls(
                    count: Int64(count), function: Self.answer, arguments: arguments.base,
                    are_taken: taken.base))
            strata_run_ends()
            #expect(counters.values == [Int32](repeating: Int32(run), count: count))
        }
        withExtendedLifetime((arguments, taken)) {}
    }

    @Test func `the failure of a call is that of all`() {
        let arguments = Cells([UnsafeRawPointer?.none])
        let taken = Cells([Int32(0)])
        let calls = strata_calls(
            count: 1, function: Self.answer, arguments: arguments.base, are_taken: taken.base)
        #expect(withUnsafePointer(to: calls) { strata_run_calls($0) } == 7)
        withExtendedLifetime((arguments, taken)) {}
    }

    @Test func `a thread that works alone has a team of one`() {
        onOtherThread(team: 1) {
            #expect(strata_threads() == 1)
            // Whatever the size of its team was.
            let before = strata_exchange_team_size(3)
            #expect(before == 1)
            strata_prepare_threads()
            #expect(strata_exchange_team_size(before) == 1)
            #expect(strata_threads() == 1)
        }
    }

    /// The threads of a plan, within another one's, on a thread that uses so many.
    @Test(arguments: [(0, 3), (1, 1), (2, 2), (4, 3)])
    func `a plan has its team until it is left`(own: Int, expected: Int32) {
        onOtherThread(team: own) {
            let general = strata_threads()
            let outside = strata_enter_plan(3)
            #expect(strata_threads() == expected)
            let before = strata_enter_plan(1)
            #expect(strata_threads() == 1)
            #expect(strata_exchange_team_size(1) == 1)
            strata_leave_plan(before)
            #expect(strata_threads() == expected)
            #expect(strata_exchange_team_size(expected) == expected)
            strata_leave_plan(outside)
            #expect(strata_threads() == general)
            #expect(strata_exchange_team_size(general) == general)
        }
    }

    @Test func `a limit of instructions is not above what the processor has`() {
        let level = strata_instruction_level()
        strata_limit_instructions(level)
        #expect(strata_instruction_level() == level)
        #if !arch(x86_64)
        #expect(level == 1)
        #endif
        #expect([0, 1].contains(strata_has_bfloat16()))
    }

    /// Small ones, and those with pages of their own.
    @Test(arguments: [1, 63, 4096, (128 << 10) - 1, 128 << 10, 200_001, 4 << 20, (4 << 20) + 1])
    func `memory is zero and begins at a cache line`(byteCount: Int) throws {
        let memory = try #require(strata_allocate(byteCount))
        defer { strata_free(memory, byteCount) }
        #expect(UInt(bitPattern: memory) % 64 == 0)
        let bytes = UnsafeRawBufferPointer(start: memory, count: byteCount)
        #expect(bytes.allSatisfy { $0 == 0 })
    }

    @Test func `memory that there is not is NULL`() {
        #expect(strata_allocate(Int.max) == nil)
    }

    @Test func `bytes that are the same`() {
        let bytes = [UInt8](0..<100)
        var others = bytes
        #expect(strata_same_bytes(bytes, others, 100) != 0)
        others[99] = 0
        #expect(strata_same_bytes(bytes, others, 100) == 0)
        #expect(strata_same_bytes(bytes, others, 99) != 0)
        #expect(strata_same_bytes(bytes, others, 0) != 0)
    }

    /// Tests/Serving has what comes of it.
    @Test func `the heap's arenas can be shared`() {
        #if canImport(Glibc)
        #expect(strata_share_arenas(2) == 1)
        #endif
    }

    /// Tests/CKernelsDriver has what it does, in a process without other threads.
    @Test func `the heap can be trimmed`() { #expect([0, 1].contains(strata_trim_heap())) }
}
