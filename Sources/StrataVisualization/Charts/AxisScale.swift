internal import Foundation

/// How the values of an axis lie between its ends, with ticks.
package enum AxisScale: Sendable, Hashable {
    /// Evenly spaced values, by their index.
    case labels([String])
    /// Numbers between two bounds.
    case linear(low: Double, high: Double, isWhole: Bool)
    /// Positive numbers between two bounds; equal factors are equal distances.
    case logarithmic(low: Double, high: Double)

    /// The position of a value: 0 at the lower end, 1 at the upper one, and never beyond.
    package func position(of value: Double) -> Double {
        let position: Double =
            switch self {
            case .labels(let texts): (value + 0.5) / Double(max(texts.count, 1))
            case .linear(let low, let high, let isWhole):
                Axis(covering: [low, high], isWhole: isWhole).position(value)
            case .logarithmic(let low, let high): (log(value) - log(low)) / (log(high) - log(low))
            }
        return position.isFinite ? min(max(position, 0), 1) : 0.5
    }

    /// Where the axis has labels, from the lower end.
    var ticks: [(position: Double, text: String)] {
        switch self {
        case .labels(let texts):
            return texts.enumerated().map { (position(of: Double($0)), $1) }
        case .linear(let low, let high, let isWhole):
            let axis = Axis(covering: [low, high], isWhole: isWhole)
            return axis.ticks.map { (axis.position($0), axis.text($0)) }
        case .logarithmic(let low, let high):
            return Self.logarithmicTicks(from: low, to: high).map {
                (position(of: $0), Self.text($0))
            }
        }
    }

    /// Powers of ten; between few of them also 2 and 5 times them, or all digits.
    private static func logarithmicTicks(from low: Double, to high: Double) -> [Double] {
        guard low > 0, high > low, high.isFinite else { return [low] }
        let first = Int(log10(low).rounded(.down))
        let last = Int(log10(high).rounded(.up))
        // A bound may differ from a power of ten by rounding.
        let range = low * (1 - 1e-9)...high * (1 + 1e-9)
        let step = (last - first) / 8 + 1
        var ticks: [Double] = []
        for digits in [[1.0], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]] {
            ticks = stride(from: first, through: last, by: step).flatMap { power in
                digits.map { $0 * pow(10, Double(power)) }
            }.filter { range.contains($0) }
            if ticks.count >= 3 { return ticks }
        }
        return ticks.count >= 2 ? ticks : [low, high]
    }

    /// `0.001`, `1e-5`, `2000`.
    private static func text(_ value: Double) -> String {
        let text = String(format: "%.6g", value)
        let parts = text.split(separator: "e")
        guard parts.count == 2, let power = Int(parts[1]) else { return text }
        return "\(parts[0])e\(power)"
    }
}
