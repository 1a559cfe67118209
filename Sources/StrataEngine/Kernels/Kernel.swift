internal import StrataGraph

/// The work of one step of a plan: a value that names its operands and binds itself to memory.
///
/// Operands are buffers of the plan, by their index. A new kernel is its loop in C, its type here, the
/// rule in its lowering that chooses it, and its test.
protocol Kernel: Sendable {
    /// oneDNN's name of the implementation, or `strata:` and the name of a kernel of ours.
    var implementation: String { get }
    var reads: [Int] { get }
    var writes: [Int] { get }
    /// Memory to work in, whose contents matter to no other step.
    var scratchpad: Int? { get }
    /// The buffer that the kernel adds to: read and written.
    var accumulator: Int? { get }

    /// Whether it runs in every run, even if its operands are the same.
    var runsAlways: Bool { get }

    /// The sum over the ranks that the kernel starts or finishes. It is in flight in the memory that the start
    /// writes and the finish reads.
    var sum: RankSum? { get }

    /// Operands in whose memory an output may be placed, where no later step reads them.
    func operandsToReplace(with output: Int) -> [Int]

    /// Whether the result is right where `written` lies in exactly the memory of `read`.
    ///
    /// Answered without ``operandsToReplace(with:)``, which the plan's memory follows from.
    func mayOverwrite(_ read: Int, with written: Int) -> Bool

    /// What is wrong with the kernel in a plan whose buffers have these sizes, in bytes.
    func problems(_ byteCounts: [Int]) -> [String]

    func bind(to memory: KernelMemory) throws(EngineError) -> BoundKernel
}

extension Kernel {
    var scratchpad: Int? { nil }
    var accumulator: Int? { nil }
    var runsAlways: Bool { false }
    var sum: RankSum? { nil }
    func operandsToReplace(with output: Int) -> [Int] { [] }
    func problems(_ byteCounts: [Int]) -> [String] { [] }

    /// Only what the kernel adds to, where no other operand is the same.
    func mayOverwrite(_ read: Int, with written: Int) -> Bool {
        accumulator == read && read == written && reads.count { $0 == read } == 1
    }
}

/// The memory of a plan's buffers, where kernels are bound to it.
struct KernelMemory {
    let buffers: [UnsafeMutableRawPointer]

    subscript(buffer: Int) -> UnsafeMutableRawPointer { buffers[buffer] }

    func floats(_ buffer: Int) -> UnsafeMutablePointer<Float> { values(buffer) }

    func integers(_ buffer: Int) -> UnsafeMutablePointer<Int32> { values(buffer) }

    func bytes(_ buffer: Int) -> UnsafeMutablePointer<CChar> { values(buffer) }

    func values<Element>(_ buffer: Int) -> UnsafeMutablePointer<Element> {
        buffers[buffer].assumingMemoryBound(to: Element.self)
    }
}
