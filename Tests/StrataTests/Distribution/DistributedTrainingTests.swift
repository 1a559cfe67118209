import Foundation
import StrataGraph
import StrataTestSupport
import Testing

@testable import Strata

/// Several ranks train as one process does with the whole batch.
@Suite struct DistributedTrainingTests {
    /// Sums of up to some hundred float32 values are rounded in another order, at most 60 times in
    /// two epochs, and Adam divides by small roots.
    private static let tolerance: Float = 1e-5

    private func expectEqual(
        _ found: RankTraining.Outcome, _ expected: RankTraining.Outcome,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(found.values.map(\.name) == expected.values.map(\.name), sourceLocation: location)
        for (found, expected) in zip(found.values, expected.values) {
            for (value, other) in zip(found.values, expected.values) {
                #expect(
                    abs(value - other) <= Self.tolerance * max(1, abs(other)),
                    "\(found.name): \(value), \(other)", sourceLocation: location)
            }
        }
        for (index, (weight, other)) in zip(found.weights, expected.weights).enumerated() {
            let largest = zip(weight.scalars, other.scalars).map { abs($0 - $1) }.max() ?? 0
            #expect(
                largest <= Self.tolerance * 10, "weight \(index): \(largest)",
                sourceLocation: location)
        }
    }

    @Test(arguments: RankTraining.cases, [2, 3, 4])
    func `the loss curve is that of one process`(training: RankTraining, rankCount: Int) throws {
        let expected = try training.alone()
        let ranks = try ThreadRankGroup.run(rankCount) { try training.run($0) }
        expectEqual(ranks[0], expected)
        for rank in ranks.dropFirst() {
            #expect(rank.weights == ranks[0].weights)
            #expect(rank.logs == ranks[0].logs)
            #expect(rank.evaluation == ranks[0].evaluation)
        }
    }

    @Test func `one rank trains as without ranks`() throws {
        let training = RankTraining.cases[0]
        let expected = try training.alone()
        let ranks = try ThreadRankGroup.run(1) { try training.run($0) }
        #expect(ranks[0].weights == expected.weights)
        #expect(ranks[0].logs == expected.logs)
    }

    /// bfloat16 keeps 8 bits of each summand.
    @Test func `gradients that are sent as bfloat16 are near`() throws {
        let training = RankTraining.cases[0]
        let expected = try training.alone()
        let ranks = try ThreadRankGroup.run(2, wire: .bfloat16) { try training.run($0) }
        let loss = try #require(ranks[0].logs.last?["loss"])
        let other = try #require(expected.logs.last?["loss"])
        #expect(loss != other)
        #expect(abs(loss - other) < 0.02)
        #expect(ranks[1].weights == ranks[0].weights)
    }

    /// With a transform, each rank reads whole batches.
    @Test(arguments: [true, false], [true, false])
    func `batches of a data set are divided, shuffled as rank 0 says`(
        isPrefetched: Bool, isMapped: Bool
    ) throws {
        @Sendable func run(_ distribution: Distribution?) throws -> [Tensor] {
            let model = try RankTraining.cases[0].makeModel()
            if let distribution { try model.distribute(distribution) }
            var data = try ArraySource(Batch(x: RankTraining.x, y: RankTraining.y)).batched(5)
                .shuffled()
            if isMapped { data = data.mapped { batch, _ in batch } }
            if isPrefetched { data = data.prefetched(2, threads: 1) }
            try model.fit(data, epochs: 2, verbose: .silent, validationData: data)
            return try model.getWeights()
        }
        let expected = try SeedStream.$own.withValue(SeedStream(seed: 1)) { try run(nil) }
        let ranks = try ThreadRankGroup.run(3) { try run($0) }
        #expect(ranks[1] == ranks[0])
        for (weight, other) in zip(ranks[0], expected) {
            for (value, other) in zip(weight.scalars, other.scalars) {
                #expect(abs(value - other) < 1e-5)
            }
        }
    }

    @Test func `single batches are divided too`() throws {
        let training = RankTraining.cases[0]
        @Sendable func run(_ distribution: Distribution?) throws -> [Logs] {
            let model = try training.makeModel()
            if let distribution { try model.distribute(distribution) }
            return [
                try model.trainOnBatch(RankTraining.x, RankTraining.y),
                try model.trainOnBatch(RankTraining.x[0..<3], RankTraining.y[0..<3]),
                try model.testOnBatch(RankTraining.x, RankTraining.y),
            ]
        }
        let expected = try SeedStream.$own.withValue(SeedStream(seed: 1)) { try run(nil) }
        let ranks = try ThreadRankGroup.run(2) { try run($0) }
        #expect(ranks[0] == ranks[1])
        for (found, expected) in zip(ranks[0], expected) {
            for name in expected.keys {
                #expect(abs((found[name] ?? .nan) - (expected[name] ?? .nan)) < 1e-5)
            }
        }
    }
}
