internal import Foundation
internal import Strata

extension SearchResults {
    /// The importance of each hyperparameter, the largest first (PED-ANOVA: Watanabe, Bansal and
    /// Hutter, 2023).
    ///
    /// A hyperparameter is important if the best tenth of the trials, two at least, have other
    /// values of it than all trials: the Pearson divergence of the two densities. Importances add
    /// up to 1, unless the trials do not differ; then all are 0.
    ///
    /// Trials that were infeasible, diverged, failed or recorded no finite objective count as
    /// worst. A conditional hyperparameter is judged among the trials that have it: its importance
    /// says how much it matters where it exists, and nothing about the choice that makes it exist.
    /// It is left out, as all are, if fewer than four trials with it have a finite value.
    ///
    /// Optuna's `PedAnovaImportanceEvaluator`.
    public var importances: [HyperParameterImportance] {
        let divergences = variables.compactMap { parameter in
            divergence(of: parameter).map { (name: parameter.name, value: $0) }
        }
        let total = divergences.reduce(0) { $0 + $1.value }
        let shares = divergences.map {
            HyperParameterImportance(name: $0.name, importance: total > 0 ? $0.value / total : 0)
        }
        // Equal ones stay in the order in which they were asked for.
        return shares.enumerated().sorted {
            ($1.element.importance, $0.offset) < ($0.element.importance, $1.offset)
        }.map(\.element)
    }

    /// The importances as bars, or why there are none.
    public var importanceTable: String {
        let importances = importances
        guard let most = importances.first?.importance, most > 0 else { return noImportances }
        let width = importances.map(\.name.nameCell.columnCount).max() ?? 0
        return importances.map { entry in
            let bar = String(
                repeating: "█", count: Int((entry.importance / most * 40).rounded()))
            let share = String(format: "%.3f", entry.importance)
            return entry.name.nameCell.padded(toColumns: width) + "  " + share
                + (bar.isEmpty ? "" : "  " + bar)
        }.joined(separator: "\n")
    }

    /// Why there are no importances above 0.
    var noImportances: String {
        let count = trials.count { $0.best(direction) != nil }
        if count < Self.fewestTrials {
            return
                "importances need \(Self.fewestTrials) trials with a value of \(objective.nameCell); "
                + "there \(count == 1 ? "is" : "are") \(count)"
        }
        if variables.isEmpty { return "no hyperparameter has more than one value" }
        return "the best trials have no other hyperparameters than all trials: none is important"
    }

    static var fewestTrials: Int { 4 }

    /// The Pearson divergence of the values in the best trials from those in all.
    ///
    /// - Returns: `nil` if too few trials have a value.
    private func divergence(of parameter: HyperParameter) -> Double? {
        var cells: [Int] = []
        // Smaller is better.
        var losses: [Float] = []
        let grid = DensityGrid(parameter.domain)
        for trial in trials {
            guard let value = trial.value(of: parameter) else { continue }
            if let best = trial.best(direction)?.value {
                losses.append(direction == .minimum ? best : -best)
            } else if trial.hasEnded {
                losses.append(.infinity)
            } else {
                continue
            }
            cells.append(grid.cell(of: value))
        }
        let finite = losses.count { $0.isFinite }
        guard finite >= Self.fewestTrials else { return nil }
        if Set(cells).count == 1 { return 0 }
        let wanted = max(2, Int((0.1 * Double(losses.count)).rounded(.up)))
        let threshold = losses.sorted()[min(wanted, losses.count) - 1]
        let top = grid.density(of: zip(cells, losses).filter { $0.1 <= threshold }.map(\.0))
        let all = grid.density(of: cells)
        return zip(top, all).reduce(0) { sum, pair in
            // All densities are above 0, but they may be rounded to it.
            let (top, all) = (pair.0 + 1e-12, pair.1 + 1e-12)
            return sum + (top - all) * (top - all) / all
        }
    }
}

/// The values of a hyperparameter in cells, and densities over them.
private struct DensityGrid {
    let domain: HyperParameter.Domain
    let count: Int

    init(_ domain: HyperParameter.Domain) {
        self.domain = domain
        count = isOrdered(domain) ? min(domain.count ?? 50, 50) : domain.count ?? 1
    }

    func cell(of value: HyperParameterValue) -> Int {
        let quantile = domain.quantile(of: value)
        if domain.count == count {
            // The middle of its quantiles.
            return min(Int(quantile * Double(count)), count - 1)
        }
        return Int((quantile * Double(count - 1)).rounded())
    }

    /// The density of values in these cells, with a prior that has the weight of one value.
    func density(of cells: [Int]) -> [Double] {
        isOrdered(domain) ? smoothDensity(of: cells) : frequencies(of: cells)
    }

    private func frequencies(of cells: [Int]) -> [Double] {
        var sums = [Double](repeating: 1 / Double(count), count: count)
        for cell in cells { sums[cell] += 1 }
        return sums.map { $0 / Double(cells.count + 1) }
    }

    /// Normal kernels within the grid, with Scott's bandwidth (Scott, 1992).
    private func smoothDensity(of cells: [Int]) -> [Double] {
        var counts = [Double](repeating: 0, count: count)
        for cell in cells { counts[cell] += 1 }
        let width = bandwidth(of: cells.sorted().map(Double.init))
        var sums = kernel(at: Double(count - 1) / 2, width: Double(count))
        for (cell, weight) in counts.enumerated() where weight > 0 {
            let kernel = kernel(at: Double(cell), width: width)
            for index in sums.indices { sums[index] += weight * kernel[index] }
        }
        return sums.map { $0 / Double(cells.count + 1) }
    }

    private func bandwidth(of sorted: [Double]) -> Double {
        let count = Double(sorted.count)
        let mean = sorted.reduce(0, +) / count
        let variance =
            sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(count - 1, 1)
        // From the last value of the first quarter to the first of the last one.
        let first = sorted[max(sorted.count / 4 - 1, 0)]
        let last = sorted[min(sorted.count * 3 / 4, sorted.count - 1)]
        let spread = min(variance.squareRoot(), (last - first) / 1.34)
        // At least nine tenths of a kernel's weight may be in one cell.
        return max(1.059 * spread * pow(count, -0.2), 0.5 / 1.64)
    }

    /// A normal distribution over the cells, cut off outside them.
    private func kernel(at mean: Double, width: Double) -> [Double] {
        let below = { (edge: Double) in 0.5 * erfc((mean - edge) / (width * 2.0.squareRoot())) }
        let edges = (0...count).map { below(Double($0) - 0.5) }
        let total = edges[count] - edges[0]
        return zip(edges.dropFirst(), edges).map { ($0 - $1) / total }
    }
}

/// Whether neighbouring values are similar.
private func isOrdered(_ domain: HyperParameter.Domain) -> Bool {
    switch domain {
    case .choice(_, let isOrdered): isOrdered
    case .int, .float: true
    case .fixed: false
    }
}
