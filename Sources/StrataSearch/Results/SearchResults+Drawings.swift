internal import Foundation
internal import Strata
public import StrataVisualization

extension SearchResults {
    /// The trials as lines over an axis for each hyperparameter, with the objective on the last.
    ///
    /// The better a trial, the darker its line; the best is drawn thick. Trials without value are
    /// grey. Where a trial does not have a conditional hyperparameter, its line goes through the
    /// mark `–` below the axis. Objectives that are far worse than most are drawn at the end of the
    /// axis, so that the others stay apart.
    public func parallelCoordinates() -> Drawing {
        let variables = variables
        let ranked = best(trials.count)
        let without = trials.filter { $0.hasEnded && $0.best(direction) == nil }
        let shown = without + ranked.reversed()
        let values = ranked.compactMap { $0.best(direction).map { Double($0.value) } }
        let fence = Fence(values, direction, factor: 3)
        let axes =
            variables.map { ParallelCoordinates.Axis(name: $0.name, scale: $0.scale) }
            + [.init(name: objective, scale: fence.scale)]
        let lines = shown.map { trial in
            variables.map { parameter in
                trial.value(of: parameter).flatMap { parameter.coordinate(of: $0) }
            } + [trial.best(direction).map { Double($0.value) }]
        }
        let isMaximum = direction == .maximum
        var chart = ParallelCoordinates(
            title: "\(title) of \(shown.count) trial\(shown.count == 1 ? "" : "s")", axes: axes,
            lines: lines
        ) { position in
            // The brightest colours are hard to see on white.
            ColourMap.brightness.colour(0.92 * (isMaximum ? 1 - position : position))
        }
        if let best = ranked.first, let value = best.best(direction)?.value {
            chart.highlighted = (
                shown.count - 1, "best: trial \(best.number), \(value.metricText)"
            )
        }
        if shown.isEmpty { chart.notes.append("no trial has ended") }
        if !without.isEmpty { chart.notes.append("grey: \(without.count) without a value") }
        if lines.contains(where: { $0.dropLast().contains(nil) }) {
            chart.notes.append("–: not in the trial")
        }
        let beyond = values.count { fence.isBeyond($0) }
        if beyond > 0 { chart.notes.append("\(beyond) beyond the end of the last axis") }
        return chart.drawing()
    }

    /// The objective of every trial over its epochs, the best trial highlighted.
    ///
    /// Values that are far worse than most are left out.
    public func curves() -> Drawing {
        let best = best().first
        let fence = Fence(
            trials.flatMap(\.objectives).filter(\.isFinite).map { Double($0) }, direction,
            factor: 5)
        var series = trials.filter { $0.number != best?.number }.map {
            (trial: $0, name: $0.status.curve)
        }
        // Completed trials over the others.
        series =
            series.filter { $0.trial.status != .completed }
            + series.filter { $0.trial.status == .completed }
        var chart = series.flatMap { entry in
            Self.parts(of: entry.trial, within: fence).map {
                LineChart.Series(
                    name: entry.name.text, colour: entry.name.colour, values: $0, width: 1)
            }
        }
        var mark: (x: Int, y: Float, text: String)?
        if let best, let point = best.best(direction) {
            chart += Self.parts(of: best, within: fence).map {
                LineChart.Series(
                    name: "trial \(best.number)", colour: Colour.series[1], values: $0, width: 2.6)
            }
            let text =
                "best: \(point.value.metricText) in epoch \(point.epoch) of trial \(best.number)"
            mark = (point.epoch, point.value, text)
        }
        let beyond = trials.flatMap(\.objectives).count {
            $0.isFinite && fence.isBeyond(Double($0))
        }
        let title = beyond == 0 ? title : "\(title), \(beyond) worse not shown"
        return LineChart(title: title, series: chart, mark: mark).drawing(width: 760, height: 400)
    }

    /// The ``importances`` as bars.
    public func importanceDrawing() -> Drawing {
        let importances = importances
        let hasAny = importances.contains { $0.importance > 0 }
        let bars = importances.map {
            BarChart.Bar(
                name: $0.name, value: $0.importance, text: String(format: "%.3f", $0.importance))
        }
        return BarChart(
            title: "Importance for \(title)", bars: hasAny ? bars : [],
            note: hasAny
                ? "how far the best tenth of the trials differ from all (PED-ANOVA)"
                : noImportances
        ).drawing()
    }

    private var title: String { objective.split(separator: "_").joined(separator: " ") }

    /// The epochs with a value within the fence, divided where there is none.
    private static func parts(of trial: Trial, within fence: Fence) -> [[(x: Int, y: Float)]] {
        let points = trial.objectives.enumerated().map { (x: $0.offset + 1, y: $0.element) }
        return points.split { !$0.y.isFinite || fence.isBeyond(Double($0.y)) }.map { Array($0) }
    }
}

extension Trial.Status {
    /// The entry of the legend.
    fileprivate var curve: (text: String, colour: Colour) {
        switch self {
        case .completed: ("completed", Colour.series[0].mixed(with: .white, 0.45))
        case .stopped: ("stopped early", .constant)
        case .running, .paused: ("not finished", Colour.series[2].mixed(with: .white, 0.45))
        case .infeasible, .diverged, .failed: ("diverged or failed", Colour.series[3])
        }
    }
}

/// The values that an axis shows: all but those that are far worse than most.
private struct Fence {
    let low: Double
    let high: Double

    /// - Parameter factor: how far values may be beyond the worst quarter, in distances of the
    ///   quartiles (Tukey, 1977).
    init(_ values: [Double], _ direction: ObjectiveDirection, factor: Double) {
        let sorted = values.sorted()
        var (low, high) = (sorted.first ?? 0, sorted.last ?? 1)
        // A few values have no quarters.
        if sorted.count >= 8 {
            let first = sorted[sorted.count / 4]
            let last = sorted[sorted.count * 3 / 4]
            let room = factor * (last - first)
            if room > 0 {
                switch direction {
                case .minimum: high = min(high, last + room)
                case .maximum: low = max(low, first - room)
                }
            }
        }
        self.low = low
        self.high = high
    }

    var scale: AxisScale { .linear(low: low, high: high, isWhole: false) }

    func isBeyond(_ value: Double) -> Bool { value < low || value > high }
}
