import Strata
import Testing

@testable import StrataSearch

/// Densities are those of Optuna 5.0.0's `_ParzenEstimator` with its defaults.
@Suite struct ParzenEstimatorTests {
    /// Optuna and this estimator compute in double precision; error functions differ in the last
    /// digits.
    private func expect(_ found: [Double], _ expected: [Double]) {
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9) }
    }

    /// Observations, quantiles, and the densities there.
    private static let densities: [([Double], [Double], [Double])] = [
        (
            [0.1, 0.7, 0.2], [0, 0.15, 0.5, 1],
            [1.2889496821593005, 1.443321773682732, 0.9209450224091548, 0.5805374032500279]
        ),
        (
            [0.9], [0, 0.5, 0.95],
            [0.8083437381010549, 1.041664242299755, 1.0446751523289761]
        ),
        ([], [0, 0.5], [0.9194108453991883, 1.0418289771969533]),
        (many, [0.05, 0.5, 0.9], [1.0437159847092454, 1.0024886151481225, 0.9502865643626965]),
    ]

    /// So many that old ones have smaller weights.
    private static let many = (0..<40).map { index in (Double(index * 37 % 40) + 0.5) / 40 }

    @Test(arguments: densities)
    func continuous(_ quantiles: [Double], _ at: [Double], _ expected: [Double]) {
        let estimator = ParzenEstimator(quantiles, .continuous)
        expect(at.map(estimator.density(at:)), expected)
    }

    /// Observations 0, 3 and 3 of the integers from 0 to 4.
    @Test func ordered() {
        let estimator = ParzenEstimator([0.1, 0.7, 0.7], .ordered(count: 5))
        let expected = [
            0.15127573617933374, 0.17653400809443373, 0.22491774677837528, 0.25204426576355204,
            0.19522824318430532,
        ]
        expect([0.1, 0.3, 0.5, 0.7, 0.9].map(estimator.density(at:)), expected)
        expectDraws(estimator, expected)
    }

    /// Observations a, a and c of three letters.
    @Test func categorical() {
        let estimator = ParzenEstimator([1 / 6.0, 1 / 6.0, 5 / 6.0], .categorical(count: 3))
        let expected = [0.47619047619047616, 0.19047619047619047, 0.3333333333333333]
        expect([1 / 6.0, 0.5, 5 / 6.0].map(estimator.density(at:)), expected)
        expectDraws(estimator, expected)
    }

    /// Draws have the estimator's masses, within 6 standard deviations of 10,000 draws.
    private func expectDraws(_ estimator: ParzenEstimator, _ masses: [Double]) {
        var generator = RandomGenerator(seed: 8)
        var counts = masses.map { _ in 0.0 }
        for _ in 0..<10_000 {
            let quantile = estimator.draw(&generator)
            #expect(quantile >= 0 && quantile <= 1)
            counts[min(Int(quantile * Double(masses.count)), masses.count - 1)] += 1
        }
        for (count, mass) in zip(counts, masses) {
            #expect(abs(count / 10_000 - mass) < 6 * (mass * (1 - mass) / 10_000).squareRoot())
        }
    }
}
