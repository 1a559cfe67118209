internal import Foundation
internal import Strata

/// A density of a hyperparameter's quantiles, from 0 to 1, that is high near observed ones
/// (Bergstra et al., 2011).
///
/// A mixture of one kernel for each observation and one for the prior, which is wide. Widths and
/// weights are those of Optuna's estimator.
struct ParzenEstimator {
    /// What the quantiles stand for.
    enum Kind {
        /// Numbers of an interval.
        case continuous
        /// Numbers in a list: the kernels of normal distributions give them masses.
        case ordered(count: Int)
        /// Values without an order.
        case categorical(count: Int)

        init(_ domain: HyperParameter.Domain) {
            let count = domain.isContinuous ? nil : domain.count
            switch (domain, count) {
            case (.choice(_, isOrdered: false), let count?): self = .categorical(count: count)
            // Two values have no distance.
            case (_, let count?):
                self = count > 2 ? .ordered(count: count) : .categorical(count: count)
            case (_, nil): self = .continuous
            }
        }

        fileprivate var count: Int? {
            switch self {
            case .continuous: nil
            case .ordered(let count), .categorical(let count): count
            }
        }
    }

    private struct Kernel {
        let mean: Double
        let deviation: Double
        let weight: Double
        let isPrior: Bool
        private let scale: Double
        /// The weight by the part of the normal distribution that is between 0 and 1.
        private let share: Double

        init(mean: Double, deviation: Double, weight: Double, isPrior: Bool = false) {
            self.mean = mean
            self.deviation = deviation
            self.weight = weight
            self.isPrior = isPrior
            scale = 1 / (deviation * 2.0.squareRoot())
            share = 2 * weight / (erf((1 - mean) * scale) + erf(mean * scale))
        }

        /// The weighted probability of a value between two quantiles.
        func mass(_ low: Double, _ high: Double) -> Double {
            share * (erf((high - mean) * scale) - erf((low - mean) * scale)) / 2
        }

        /// The weighted density at a quantile.
        func density(at quantile: Double) -> Double {
            let distance = (quantile - mean) * scale
            return share * scale * exp(-distance * distance) / Double.pi.squareRoot()
        }
    }

    private let kind: Kind
    private let kernels: [Kernel]

    /// - Parameters:
    ///   - quantiles: the observations, the oldest first.
    ///   - kind: what they stand for.
    init(_ quantiles: [Double], _ kind: Kind) {
        self.kind = kind
        let weights = Self.weights(quantiles.count)
        let sum = weights.reduce(1, +)
        let deviations = Self.deviations(quantiles)
        kernels =
            quantiles.indices.map {
                Kernel(mean: quantiles[$0], deviation: deviations[$0], weight: weights[$0] / sum)
            } + [Kernel(mean: 0.5, deviation: 1, weight: 1 / sum, isPrior: true)]
    }

    /// The last 25 observations have weight 1, those before the less, the older they are.
    private static func weights(_ count: Int) -> [Double] {
        let recent = 25
        let ramp = count - recent
        return (0..<count).map { index in
            guard index < ramp else { return 1 }
            let least = 1 / Double(count)
            return ramp == 1 ? least : least + (1 - least) * Double(index) / Double(ramp - 1)
        }
    }

    /// The distance to the farther neighbour; those at the ends have one neighbour.
    ///
    /// No kernel is narrower than the "magic clip" allows: few observations make wide ones.
    private static func deviations(_ quantiles: [Double]) -> [Double] {
        let order = quantiles.indices.sorted { quantiles[$0] < quantiles[$1] }
        let least = 1 / min(100, Double(quantiles.count) + 2)
        var result = quantiles
        for (position, index) in order.enumerated() {
            let below = position > 0 ? quantiles[index] - quantiles[order[position - 1]] : nil
            let above =
                position + 1 < order.count
                ? quantiles[order[position + 1]] - quantiles[index] : nil
            let width =
                // The bounds are the neighbours of a single one.
                below == nil && above == nil
                ? max(quantiles[index], 1 - quantiles[index]) : max(below ?? 0, above ?? 0)
            result[index] = min(max(width, least), 1)
        }
        return result
    }

    /// A quantile, drawn from the density.
    func draw(_ generator: inout RandomGenerator) -> Double {
        var rest = generator.quantile()
        let kernel =
            kernels.first { kernel in
                rest -= kernel.weight
                return rest < 0
            } ?? kernels[kernels.count - 1]
        switch kind {
        case .continuous, .ordered: return normal(kernel, &generator)
        case .categorical(let count):
            // A kernel has a mass of 1 for its own value, and one of the prior's for all.
            let share = Double(count) / Double(kernels.count)
            let isUniform = kernel.isPrior || generator.quantile() * (1 + share) < share
            return isUniform ? generator.quantile() : kernel.mean
        }
    }

    /// A normal value, drawn again while it is beyond the bounds.
    ///
    /// A third of a kernel, or more, is between them, so that it is not drawn often.
    private func normal(_ kernel: Kernel, _ generator: inout RandomGenerator) -> Double {
        for _ in 0..<100 {
            let value = kernel.mean + kernel.deviation * Double(generator.normal())
            if value >= 0, value <= 1 { return value }
        }
        return kernel.mean
    }

    /// The density at a quantile; for values in a list, the mass of the value there.
    func density(at quantile: Double) -> Double {
        let count = kind.count ?? 1
        let index = min(max(Int(quantile * Double(count)), 0), count - 1)
        let (low, high) = (Double(index) / Double(count), Double(index + 1) / Double(count))
        var sum = 0.0
        for kernel in kernels {
            switch kind {
            case .continuous: sum += kernel.density(at: quantile)
            case .ordered: sum += kernel.mass(low, high)
            case .categorical:
                let prior = 1 / Double(kernels.count)
                let own = !kernel.isPrior && kernel.mean >= low && kernel.mean < high ? 1.0 : 0
                let all = Double(count) * prior + (kernel.isPrior ? 0 : 1)
                sum += kernel.weight * (own + prior) / all
            }
        }
        return max(sum, .leastNormalMagnitude)
    }
}
