import CAllocationCounter
import Foundation
import Strata
import StrataTestSupport
import Testing

/// What must not grow while a model trains.
///
/// Each test has a process of its own, in which nothing else allocates.
@Suite(.disabled(if: hasSanitizer, "a sanitizer allocates by itself"))
struct `A steady state` {
    private static func step(dropout: Double = 0.2) throws -> PreparedStep {
        let model = try Sequential {
            Input(shape: [12, 12, 1])
            Conv2D(8, kernelSize: 3, activation: .relu)
            BatchNormalization()
            MaxPooling2D(2)
            Flatten()
            Dropout(dropout)
            Dense(10, activation: .softmax)
        }
        try model.compile(
            optimizer: Adam(), loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
        return try model.preparedStep(
            isTraining: true, x: Tensor(repeating: 0.5, shape: [16, 12, 12, 1]),
            y: Tensor((0..<16).map { Int32($0 % 10) }))
    }

    @Test func `a hundred steps of training allocate nothing`() async {
        await #expect(processExitsWith: .success) {
            let step = try Self.step()
            for _ in 0..<3 { try step.run() }
            // What a step allocates it allocates in every hundred. A change of how threads wait, some
            // blocks once in half a second at most on a busy machine, falls into few of them.
            var counts: [Int] = []
            for _ in 0..<10 {
                ac_start()
                for _ in 0..<100 { try step.run() }
                counts.append(ac_stop())
            }
            #expect(counts.min() == 0, "\(counts) allocations")
        }
    }

    @Test func `the counter of allocations counts`() async {
        await #expect(processExitsWith: .success) {
            ac_start()
            let tensor = Tensor(repeating: 0, shape: [1000])
            #expect(ac_stop() > 0)
            #expect(tensor.count == 1000)
        }
    }

    @Test func `two thousand steps leave memory where it was`() async {
        await #expect(processExitsWith: .success) {
            let step = try Self.step()
            for _ in 0..<100 { try step.run() }
            let (resident, used) = (try MemoryRecord.residentByteCount(), ac_bytes_in_use())
            for _ in 0..<2000 { try step.run() }
            // The smallest block that malloc knows has 32 bytes: lost once in each step, 64,000.
            let grown = ac_bytes_in_use() - used
            #expect(grown < 32_000, "\(grown) bytes more are in use")
            // malloc takes 132 KB from the system at a time, for each of the threads that oneDNN's
            // own allocations may come from.
            let more = try MemoryRecord.residentByteCount() - resident
            #expect(more < 4 * 135_168, "\(more) bytes more are resident")
        }
    }
}
