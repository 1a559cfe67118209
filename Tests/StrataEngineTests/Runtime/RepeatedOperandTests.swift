import CKernels
import StrataGraph
import Testing

@testable import StrataEngine

/// Operands whose elements repeat, read by loops over the result in its order in memory.
@Suite struct RepeatedOperandTests {
    typealias Loop = FusedElementwise.Loop

    /// Rows again and again, rows that stand still, and columns, longer and shorter than a block of 512.
    ///
    /// Planes of a channel each ask for columns: those oneDNN chooses on processors without AVX-512.
    @Test(arguments: [
        [Loop(count: 2, stride: 0), Loop(count: 16, stride: 1), Loop(count: 2, stride: 16)],
        [Loop(count: 3, stride: 0), Loop(count: 40, stride: 1), Loop(count: 30, stride: 40)],
        [Loop(count: 2, stride: 0), Loop(count: 700, stride: 3)],
        [Loop(count: 4, stride: 7), Loop(count: 300, stride: 0), Loop(count: 7, stride: 1)],
        [Loop(count: 5, stride: 3), Loop(count: 3, stride: 1), Loop(count: 90, stride: 0)],
    ])
    func `elements are those that the loops name`(loops: [Loop]) {
        let places = loops.reduce([0]) { places, loop in
            places.flatMap { place in (0..<loop.count).map { place + $0 * loop.stride } }
        }
        var source = (0...(places.max() ?? 0)).map(Float.init)
        var result = [Float](repeating: -1, count: places.count)
        let program = FusedElementwise(
            count: places.count,
            slots: [
                .init(kind: .broadcast(buffer: 0, loops: loops), dtype: .float32),
                .init(kind: .full(buffer: 1), dtype: .float32, isOutput: true),
            ],
            instructions: [
                .init(opcode: strata_copy, destination: 1, operands: [0], rate: 0, key: 0)
            ],
            loops: [])
        source.withUnsafeMutableBytes { from in
            result.withUnsafeMutableBytes { to in
                guard let from = from.baseAddress, let to = to.baseAddress else { return }
                let kernel = program.bind(to: KernelMemory(buffers: [from, to]))
                #expect(kernel.function(kernel.argument) == 0)
            }
        }
        #expect(result == places.map(Float.init))
    }
}
