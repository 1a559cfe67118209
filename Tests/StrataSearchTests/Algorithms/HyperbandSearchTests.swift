import Foundation
import Strata
import Testing

@testable import StrataSearch

/// Hyperband finds more than random search for the same epochs.
@Suite struct HyperbandSearchTests {
    /// Learning curves: the loss falls to a level, at a speed; both depend on the
    /// hyperparameters, and the fastest is not the best.
    ///
    /// The lowest level is 0.05.
    private static func curve(_ hp: HyperParameters) throws -> (Int) -> Float {
        let rate = try log10(hp.float("rate", minValue: 1e-5, maxValue: 1, sampling: .log)) + 2.5
        let width = try hp.int("width", minValue: 8, maxValue: 256, step: 8)
        let kind = try hp.choice("kind", ["a", "b", "c"])
        let dropout = try hp.float("dropout", minValue: 0, maxValue: 0.6)
        let level =
            0.05 + 0.02 * rate * rate + 0.1 * pow(Double(width - 200) / 248, 2)
            + (kind == "b" ? 0 : 0.05) + 0.2 * pow(dropout - 0.3, 2)
        let speed = 0.3 * exp(-0.5 * pow(rate - 0.3, 2)) + 0.05
        return { epoch in Float(level + (0.9 - level) * exp(-speed * Double(epoch))) }
    }

    private func search(_ algorithm: SearchAlgorithm, seed: Int, maxTrials: Int = .max) throws
        -> SimulatedSearch
    {
        var search = SimulatedSearch(algorithm, epochs: 27)
        search.seed = UInt64(seed)
        search.maxTrials = maxTrials
        try search.run(Self.curve)
        return search
    }

    /// The distance to the lowest level is half that of random search, or less, in the median of
    /// ten seeds, and Parzen estimators make it smaller than random trials do.
    @Test func betterThanRandom() throws {
        var distances: [[Float]] = [[], [], []]
        for seed in 1...10 {
            let hyperband = try search(.hyperband(), seed: seed)
            // At least as many epochs.
            let trials = (hyperband.trainedEpochs + 26) / 27
            let random = try search(.random, seed: seed, maxTrials: trials)
            #expect(random.trainedEpochs >= hyperband.trainedEpochs)
            distances[0].append(hyperband.best - 0.05)
            distances[1].append(
                try search(.hyperband(sampler: .random), seed: seed).best - 0.05)
            distances[2].append(random.best - 0.05)
        }
        let medians = distances.map { $0.sorted()[5] }
        #expect(medians[0] < medians[2] / 2)
        #expect(medians[0] < medians[1])
    }
}
