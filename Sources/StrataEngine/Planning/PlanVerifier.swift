internal import StrataGraph

/// Verifies a plan independently of the rules by which plans are made.
///
/// Each buffer that is read has been written before, and its memory has not been overwritten since. A step overwrites
/// its operands only as its kernel allows. A sum over the ranks is started and finished once, and nothing else touches
/// the memory that it is in flight in. Debug builds and tests verify every plan.
package struct PlanVerifier {
    private let plan: Plan
    private var problems: [String] = []
    /// Whether the memory of each buffer holds the buffer's value.
    private var isHeld: [Bool]
    private var isPrologue = false
    /// The buffers of sums over the ranks that are in flight, by the sum's number.
    private var inFlight: [Int: Int] = [:]
    /// The sums that have been finished.
    private var arrived: Set<Int> = []
    private let regions: [Region]

    private struct Region {
        /// Equal for buffers in one allocation.
        var memory: Int
        var bytes: Range<Int>

        func overlaps(_ other: Region) -> Bool {
            memory == other.memory && bytes.overlaps(other.bytes)
        }
    }

    /// The problems of a plan; empty for a legal one.
    package static func problems(of plan: Plan) -> [String] {
        var verifier = PlanVerifier(plan)
        verifier.verifyOffsets()
        verifier.isPrologue = true
        for (number, step) in plan.prologue.enumerated() {
            verifier.verify(step, "prologue \(number), \(step.name)")
        }
        verifier.isPrologue = false
        for (number, step) in plan.steps.enumerated() {
            verifier.verify(step, "step \(number), \(step.name)")
        }
        for sum in verifier.inFlight.keys.sorted() {
            verifier.expect(false, "sum \(sum) is not finished")
        }
        for (number, output) in plan.outputs.enumerated() {
            verifier.verifyRead(output.buffer, "output \(number)")
        }
        return verifier.problems
    }

    private init(_ plan: Plan) {
        self.plan = plan
        regions = plan.buffers.enumerated().map { number, buffer in
            let memory =
                switch buffer.storage {
                case .arena: -2
                case .persistent: -1
                case .input, .constant, .variable, .variableCopy: number
                }
            return Region(
                memory: memory, bytes: buffer.offset..<buffer.offset + buffer.byteCount)
        }
        isHeld = plan.buffers.map { buffer in
            switch buffer.storage {
            case .arena, .persistent: false
            case .input, .constant, .variable, .variableCopy: true
            }
        }
    }

    private mutating func expect(_ condition: Bool, _ problem: String) {
        if !condition { problems.append(problem) }
    }

    // MARK: Memory

    private mutating func verifyOffsets() {
        for buffer in plan.buffers.indices {
            let size: Int
            switch plan.buffers[buffer].storage {
            case .arena: size = plan.arenaByteCount
            case .persistent: size = plan.persistentByteCount
            case .input, .constant, .variable, .variableCopy: continue
            }
            let range = regions[buffer].bytes
            expect(
                range.lowerBound % Packing.alignment == 0, "%\(buffer) is not aligned")
            expect(
                range.lowerBound >= 0 && range.upperBound <= size,
                "%\(buffer) is at \(range), outside of \(size) bytes")
        }
        expect(
            plan.arenaByteCount <= plan.unsharedByteCount,
            "sharing memory takes \(plan.arenaByteCount) bytes, not sharing it "
                + "\(plan.unsharedByteCount)")
        let kept = plan.buffers.indices.filter { buffer in
            if case .persistent = plan.buffers[buffer].storage { true } else { false }
        }.sorted { regions[$0].bytes.lowerBound < regions[$1].bytes.lowerBound }
        for (a, b) in zip(kept, kept.dropFirst()) {
            expect(!regions[a].overlaps(regions[b]), "%\(a) and %\(b) are kept in the same memory")
        }
    }

    private mutating func verifyRead(_ buffer: Int, _ reader: String) {
        expect(isHeld[buffer], "\(reader) reads %\(buffer), which does not hold its value")
        if case .arena = plan.buffers[buffer].storage {
            expect(!isPrologue, "\(reader) reads %\(buffer), which is not kept")
        }
    }

    private mutating func verifyWrite(_ buffer: Int, _ writer: String) {
        switch plan.buffers[buffer].storage {
        case .arena: expect(!isPrologue, "\(writer) writes %\(buffer), which is not kept")
        case .persistent: break
        case .variable(let variable):
            expect(
                plan.residents.contains { $0.variable == variable },
                "\(writer) writes variable \(variable.name), which the plan does not update")
        case .input, .constant, .variableCopy:
            expect(false, "\(writer) writes %\(buffer), which is read-only")
        }
        spoil(regions[buffer])
        isHeld[buffer] = true
    }

    private mutating func spoil(_ region: Region) {
        for other in regions.indices where regions[other].overlaps(region) {
            isHeld[other] = false
        }
    }

    // MARK: Steps

    private mutating func verify(_ step: Plan.Step, _ name: String) {
        if let sum = step.kernel.sum, !sum.isStart { verifyFinish(sum.number, step, name) }
        verifyUntouched(step, name)
        for buffer in step.reads { verifyRead(buffer, name) }
        for (number, buffer) in step.writes.enumerated() {
            for other in step.writes[..<number] {
                expect(
                    !regions[buffer].overlaps(regions[other]),
                    "\(name) writes %\(buffer) and %\(other) to the same memory")
            }
            for read in step.reads where regions[read].overlaps(regions[buffer]) {
                let isSame = regions[read].bytes == regions[buffer].bytes
                expect(
                    isSame && step.kernel.mayOverwrite(read, with: buffer),
                    "\(name) writes %\(buffer) over %\(read)")
            }
        }
        if let scratchpad = step.kernel.scratchpad {
            for other in step.reads + step.writes {
                expect(
                    !regions[scratchpad].overlaps(regions[other]),
                    "\(name) has its scratchpad %\(scratchpad) over %\(other)")
            }
            spoil(regions[scratchpad])
        }
        for buffer in step.writes { verifyWrite(buffer, name) }
        for problem in step.kernel.problems(plan.buffers.map(\.byteCount)) {
            expect(false, "\(name) \(problem)")
        }
        if let sum = step.kernel.sum, sum.isStart { verifyStart(sum.number, step, name) }
    }

    // MARK: Sums over the ranks

    private mutating func verifyStart(_ sum: Int, _ step: Plan.Step, _ name: String) {
        expect(!isPrologue, "\(name) starts sum \(sum), though it does not run in every run")
        expect(
            inFlight[sum] == nil && !arrived.contains(sum), "\(name) starts sum \(sum) again")
        expect(step.writes.count == 1, "\(name) starts sum \(sum) of \(step.writes.count) buffers")
        inFlight[sum] = step.writes.first
    }

    private mutating func verifyFinish(_ sum: Int, _ step: Plan.Step, _ name: String) {
        guard let buffer = inFlight.removeValue(forKey: sum) else {
            return expect(false, "\(name) finishes sum \(sum), which is not in flight")
        }
        arrived.insert(sum)
        expect(step.reads == [buffer], "\(name) finishes sum \(sum), but not in %\(buffer)")
    }

    /// Nobody but the ranks' communicator uses the memory of sums that are in flight.
    private mutating func verifyUntouched(_ step: Plan.Step, _ name: String) {
        if inFlight.isEmpty { return }
        let used = Set(step.reads + step.writes + [step.kernel.scratchpad].compactMap(\.self))
        for (sum, buffer) in inFlight.sorted(by: { $0.key < $1.key }) {
            for other in used.sorted() where regions[other].overlaps(regions[buffer]) {
                expect(false, "\(name) uses %\(other), in which sum \(sum) is in flight")
            }
        }
    }
}
