import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Every rule of the verifier, broken by one damage to a legal plan.
@Suite struct PlanVerifierTests {
    /// What a step reads and writes, without a loop behind it.
    private struct Step: Kernel {
        var reads: [Int] = []
        var writes: [Int] = []
        var scratchpad: Int?
        var overwrites = false
        var complaint: String?
        var sum: RankSum?

        var implementation: String { "test" }
        func mayOverwrite(_ read: Int, with written: Int) -> Bool { overwrites }
        func problems(_ byteCounts: [Int]) -> [String] { [complaint].compactMap(\.self) }
        func bind(to memory: KernelMemory) throws(EngineError) -> BoundKernel {
            throw EngineError("a plan of these tests is not run")
        }
    }

    /// Buffers of 64 bytes: %0 an input, %1 and %2 in the arena, %3 and %4 kept, %5 a constant, %6 a variable that
    /// the plan writes, %7 a copy of another one, %8 in the arena for a step to work in.
    private static func legalPlan() throws -> Plan {
        let values = Tensor(repeating: 1, shape: [16])
        let (written, read) = (Variable("w", value: values), Variable("r", value: values))
        let places: [(Plan.Buffer.Storage, offset: Int)] = [
            (.input(0), 0), (.arena, 0), (.arena, 64), (.persistent, 0), (.persistent, 64),
            (.constant(values), 0), (.variable(written), 0), (.variableCopy(read), 0),
            (.arena, 128),
        ]
        var plan = Plan()
        plan.buffers = places.map { Plan.Buffer(byteCount: 64, storage: $0, offset: $1) }
        plan.arenaByteCount = 192
        plan.unsharedByteCount = 192
        plan.persistentByteCount = 128
        plan.residents = [Plan.Resident(variable: written, layout: try .plain([16], .float32))]
        plan.prologue = [
            .init(name: "prepare", kernel: Step(reads: [7], writes: [3])),
            .init(name: "prepare", kernel: Step(reads: [5], writes: [4])),
        ]
        plan.steps = [
            .init(name: "first", kernel: Step(reads: [0, 3], writes: [1], scratchpad: 8)),
            .init(name: "second", kernel: Step(reads: [1, 4], writes: [2])),
            .init(name: "update", kernel: Step(reads: [2], writes: [6])),
        ]
        plan.outputs = [Plan.Endpoint(buffer: 2, shape: [16], dtype: .float32)]
        return plan
    }

    private typealias PlanDamage = Damage<Plan>

    private static let memory = [
        PlanDamage("an offset between two cache lines", "%2 is not aligned") {
            $0.buffers[2].offset = 72
            $0.buffers[2].byteCount = 32
        },
        PlanDamage("beyond the arena's end", "%2 is at 128..<256, outside of 192 bytes") {
            $0.buffers[2].offset = 128
            $0.buffers[2].byteCount = 128
        },
        PlanDamage("beyond the end of what is kept", "%4 is at 128..<192, outside of 128 bytes") {
            $0.buffers[4].offset = 128
        },
        PlanDamage(
            "more memory than without sharing",
            "sharing memory takes 192 bytes, not sharing it 128"
        ) { $0.unsharedByteCount = 128 },
        PlanDamage(
            "two kept values in one place", "%3 and %4 are kept in the same memory",
            "step 0, first reads %3, which does not hold its value"
        ) { $0.buffers[4].offset = 0 },
    ]

    private static let reading = [
        PlanDamage(
            "a value that is not made yet", "step 0, first reads %2, which does not hold its value"
        ) { $0.steps[0].kernel = Step(reads: [2], writes: [1]) },
        PlanDamage(
            "a value that another one replaced",
            "step 2, second reads %1, which does not hold its value"
        ) {
            $0.buffers[8].offset = 0
            $0.steps[0].kernel = Step(reads: [0, 3], writes: [1])
            $0.steps.insert(.init(name: "other", kernel: Step(reads: [0], writes: [8])), at: 1)
        },
        PlanDamage(
            "a value that a scratchpad replaced",
            "step 2, second reads %1, which does not hold its value"
        ) {
            $0.buffers[8].offset = 0
            $0.steps[0].kernel = Step(reads: [0, 3], writes: [1])
            $0.steps.insert(
                .init(name: "other", kernel: Step(reads: [0], writes: [2], scratchpad: 8)), at: 1)
        },
        PlanDamage("an output that is not made", "output 0 reads %8, which does not hold its value")
        {
            $0.outputs[0].buffer = 8
        },
        PlanDamage(
            "what is prepared from a value of a step",
            "prologue 0, prepare reads %1, which does not hold its value",
            "prologue 0, prepare reads %1, which is not kept"
        ) { $0.prologue[0].kernel = Step(reads: [1], writes: [3]) },
    ]

    private static let writing = [
        PlanDamage(
            "what is prepared and not kept", "prologue 0, prepare writes %1, which is not kept",
            "step 0, first reads %3, which does not hold its value"
        ) { $0.prologue[0].kernel = Step(reads: [7], writes: [1]) },
        PlanDamage(
            "a variable of others",
            "step 2, update writes variable w, which the plan does not update"
        ) { $0.residents = [] },
        PlanDamage("an input", "step 2, update writes %0, which is read-only") {
            $0.steps[2].kernel = Step(reads: [2], writes: [0])
        },
        PlanDamage("a constant", "step 2, update writes %5, which is read-only") {
            $0.steps[2].kernel = Step(reads: [2], writes: [5])
        },
        PlanDamage("a copy", "step 2, update writes %7, which is read-only") {
            $0.steps[2].kernel = Step(reads: [2], writes: [7])
        },
        PlanDamage("two results in one place", "step 0, first writes %8 and %1 to the same memory")
        {
            $0.buffers[8].offset = 0
            $0.steps[0].kernel = Step(reads: [0, 3], writes: [1, 8])
            $0.steps[1].kernel = Step(reads: [8, 4], writes: [2])
        },
        PlanDamage("a result over an operand", "step 1, second writes %2 over %1") {
            $0.buffers[2].offset = 0
        },
        PlanDamage("a result over half of an operand", "step 1, second writes %2 over %1") {
            $0.buffers[1].byteCount = 128
            $0.steps[1].kernel = Step(reads: [1, 4], writes: [2], overwrites: true)
        },
        PlanDamage("work where an operand lies", "step 1, second has its scratchpad %8 over %1") {
            $0.buffers[8].offset = 0
            $0.steps[0].kernel = Step(reads: [0, 3], writes: [1])
            $0.steps[1].kernel = Step(reads: [1, 4], writes: [2], scratchpad: 8)
        },
        PlanDamage(
            "work where a result lies", "step 0, first has its scratchpad %8 over %1"
        ) { $0.buffers[8].offset = 0 },
        PlanDamage("what the kernel itself says", "step 1, second counts wrong") {
            $0.steps[1].kernel = Step(reads: [1, 4], writes: [2], complaint: "counts wrong")
        },
    ]

    private static func half(_ number: Int, isStart: Bool) -> RankSum {
        RankSum(number: number, isStart: isStart, communicator: LoneCommunicator())
    }

    /// The legal plan with a sum over ranks: %9 is in flight while %10 is made, and then read for %11.
    private static func planWithSum() throws -> Plan {
        var plan = try legalPlan()
        for offset in [192, 256, 320] {
            plan.buffers.append(Plan.Buffer(byteCount: 64, storage: .arena, offset: offset))
        }
        plan.arenaByteCount = 384
        plan.unsharedByteCount = 384
        plan.steps += [
            .init(
                name: "start",
                kernel: Step(reads: [2], writes: [9], sum: half(0, isStart: true))),
            .init(name: "other", kernel: Step(reads: [0], writes: [10])),
            .init(
                name: "finish",
                kernel: Step(reads: [9], writes: [11], sum: half(0, isStart: false))),
        ]
        return plan
    }

    private static let sums = [
        PlanDamage("a sum that nobody waits for", "sum 0 is not finished") {
            $0.steps.remove(at: 5)
        },
        PlanDamage(
            "a sum that is not started", "step 4, finish finishes sum 0, which is not in flight",
            "step 4, finish reads %9, which does not hold its value"
        ) { $0.steps.remove(at: 3) },
        PlanDamage(
            "a sum that is waited for twice",
            "step 6, finish finishes sum 0, which is not in flight"
        ) { $0.steps.append($0.steps[5]) },
        PlanDamage("a sum that is started twice, at once", "step 4, start starts sum 0 again") {
            $0.steps[4] = .init(
                name: "start",
                kernel: Step(reads: [2], writes: [10], sum: half(0, isStart: true)))
            $0.steps[5].kernel = Step(reads: [10], writes: [11], sum: half(0, isStart: false))
        },
        PlanDamage(
            "a sum that is started twice, one after the other", "step 6, start starts sum 0 again"
        ) { $0.steps += [$0.steps[3], $0.steps[5]] },
        PlanDamage(
            "a sum of two buffers", "step 3, start starts sum 0 of 2 buffers"
        ) {
            $0.steps[3].kernel = Step(
                reads: [2], writes: [9, 11], sum: half(0, isStart: true))
        },
        PlanDamage(
            "a sum that is waited for in another place",
            "step 5, finish finishes sum 0, but not in %9"
        ) { $0.steps[5].kernel = Step(reads: [10], writes: [11], sum: half(0, isStart: false)) },
        PlanDamage(
            "a sum that is prepared",
            "prologue 1, prepare starts sum 0, though it does not run in every run",
            "step 0, first uses %4, in which sum 0 is in flight"
        ) {
            $0.prologue[1].kernel = Step(
                reads: [5], writes: [4], sum: half(0, isStart: true))
            $0.steps = [
                .init(name: "first", kernel: Step(reads: [4], writes: [2])),
                .init(
                    name: "finish",
                    kernel: Step(reads: [4], writes: [11], sum: half(0, isStart: false))),
            ]
        },
        PlanDamage(
            "a value read in flight", "step 4, other uses %9, in which sum 0 is in flight"
        ) { $0.steps[4].kernel = Step(reads: [9], writes: [10]) },
        PlanDamage(
            "a value written in flight", "step 4, other uses %9, in which sum 0 is in flight"
        ) { $0.steps[4].kernel = Step(reads: [0], writes: [9]) },
        PlanDamage(
            "a value whose memory is used in flight",
            "step 4, other uses %10, in which sum 0 is in flight",
            "step 5, finish reads %9, which does not hold its value"
        ) { $0.buffers[10].offset = 192 },
        PlanDamage(
            "work in memory of a value in flight",
            "step 4, other uses %10, in which sum 0 is in flight",
            "step 5, finish reads %9, which does not hold its value"
        ) {
            $0.buffers[10].offset = 192
            $0.steps[4].kernel = Step(reads: [0], writes: [1], scratchpad: 10)
        },
    ]

    @Test func `a legal plan has no problems`() throws {
        #expect(try PlanVerifier.problems(of: Self.legalPlan()) == [])
        #expect(try PlanVerifier.problems(of: Self.planWithSum()) == [])
    }

    @Test func `a result may lie over an operand where the kernel allows it`() throws {
        var plan = try Self.legalPlan()
        plan.buffers[2].offset = 0
        plan.steps[1].kernel = Step(reads: [1, 4], writes: [2], overwrites: true)
        #expect(PlanVerifier.problems(of: plan) == [])
    }

    @Test(arguments: memory + reading + writing)
    func `a damaged plan has exactly that problem`(damage: Damage<Plan>) throws {
        var plan = try Self.legalPlan()
        damage.apply(&plan)
        #expect(PlanVerifier.problems(of: plan) == damage.problems)
    }

    @Test(arguments: sums)
    func `a damaged sum has exactly that problem`(damage: Damage<Plan>) throws {
        var plan = try Self.planWithSum()
        damage.apply(&plan)
        #expect(PlanVerifier.problems(of: plan) == damage.problems)
    }
}
