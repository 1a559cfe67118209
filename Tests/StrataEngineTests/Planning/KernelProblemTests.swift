import CKernels
import StrataGraph
import Testing

@testable import StrataEngine

/// What kernels say of themselves to the verifier.
@Suite struct KernelProblemTests {
    typealias Slot = FusedElementwise.Slot
    typealias Instruction = FusedElementwise.Instruction

    /// relu(exp(%0)) to %1, 16 elements each.
    private static let legal = FusedElementwise(
        count: 16,
        slots: [
            Slot(kind: .full(buffer: 0), dtype: .float32), Slot(kind: .temporary, dtype: .float32),
            Slot(kind: .full(buffer: 1), dtype: .float32, isOutput: true),
        ],
        instructions: [
            Instruction(opcode: strata_exp, destination: 1, operands: [0]),
            Instruction(opcode: strata_relu, destination: 2, operands: [1]),
        ])

    private typealias KernelDamage = Damage<FusedElementwise>

    private static let damages = [
        KernelDamage("97 slots", "has too many slots") {
            $0.slots += Array(repeating: Slot(kind: .immediate(1), dtype: .float32), count: 94)
        },
        KernelDamage("21 loops", "has too many loops") {
            $0.loops = Array(repeating: .init(axis: 0, count: 1, stride: 1), count: 21)
        },
        KernelDamage("an instruction left out", "computes with slot 1 before it is set") {
            $0.instructions.removeFirst()
        },
        KernelDamage("a result left out", "never sets slot 2") { $0.instructions.removeLast() },
        KernelDamage(
            "an element more than there are", "goes over the end of %0", "goes over the end of %1"
        ) { $0.count = 17 },
        KernelDamage("nine axes", "has too many axes") {
            let loops = Array(repeating: FusedElementwise.Loop(count: 1, stride: 1), count: 9)
            $0.slots[0].kind = .broadcast(buffer: 0, loops: loops)
        },
        KernelDamage("a repetition that reaches too far", "goes over the end of %0") {
            $0.slots[0].kind = .broadcast(
                buffer: 0, loops: [.init(count: 2, stride: 8), .init(count: 9, stride: 1)])
        },
    ]

    @Test func `a legal elementwise kernel has no problems`() {
        #expect(Self.legal.problems([64, 64]) == [])
    }

    @Test(arguments: damages)
    func `a damaged elementwise kernel has exactly that problem`(damage: Damage<FusedElementwise>) {
        var kernel = Self.legal
        damage.apply(&kernel)
        #expect(kernel.problems([64, 64]) == damage.problems)
    }

    /// A reorder of 16 float32 values from %0 to %1.
    private static func operands() throws -> (
        PrimitiveDescriptor, source: Primitive.Operand, destination: Primitive.Operand
    ) {
        let layout = try MemoryDescriptor.plain([4, 4], .float32)
        return (
            try .reorder(layout, layout), Primitive.Operand((Argument.source, layout, 0)),
            Primitive.Operand((Argument.destination, layout, 1))
        )
    }

    @Test func `a primitive's operands fit in their buffers`() throws {
        let (descriptor, source, destination) = try Self.operands()
        var kernel = Primitive(
            descriptor: descriptor, sources: [source], destinations: [destination],
            workMemory: nil, accumulator: nil)
        #expect(kernel.problems([64, 64]) == [])
        #expect(kernel.problems([60, 64]) == ["uses 64 bytes of %0, which has 60"])
        kernel.destinations[0].offset = 4
        #expect(kernel.problems([64, 64]) == ["uses 64 bytes of %1, which has 64"])
    }

    @Test func `primitives of partitions name every buffer that they use`() throws {
        let (descriptor, source, destination) = try Self.operands()
        var kernel = PartitionedPrimitive(
            descriptor: descriptor, partitions: [[source, destination]], reads: [0], writes: [1])
        #expect(kernel.problems([64, 64]) == [])
        #expect(kernel.problems([64, 32]) == ["uses 64 bytes of %1, which has 32"])
        kernel.writes = [2]
        #expect(kernel.problems([64, 64, 64]) == ["uses %1, but does not say so"])
    }

    @Test func `a kernel may write over what it adds to, where nothing else reads it`() throws {
        let (descriptor, source, destination) = try Self.operands()
        var kernel = Primitive(
            descriptor: descriptor, sources: [source], destinations: [destination],
            workMemory: nil, accumulator: 1)
        #expect(kernel.mayOverwrite(1, with: 1))
        #expect(!kernel.mayOverwrite(0, with: 1))
        kernel.sources.append(destination)
        #expect(!kernel.mayOverwrite(1, with: 1))
    }
}
