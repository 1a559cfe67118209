internal import Foundation

/// An axis of a chart, with ticks.
struct Axis {
    let low: Double
    let high: Double
    let ticks: [Double]

    /// An axis over these values with about `count` round ticks, rather more than fewer: multiples
    /// of 1, 2 or 5 times a power of ten.
    init(covering values: [Double], count: Int = 5, isWhole: Bool = false) {
        // Beyond this, the length of the axis might not be finite.
        let finite = values.filter(\.isFinite).map { min(max($0, -1e300), 1e300) }
        var low = finite.min() ?? 0
        var high = finite.max() ?? 1
        if high - low < 1e-9 * max(abs(high), 1e-3) {
            let room = isWhole ? 0.5 : max(abs(high) * 0.1, 1e-3)
            (low, high) = (low - room, high + room)
        } else if !isWhole {
            let room = (high - low) * 0.06
            // A quantity that is never negative has no negative ticks.
            (low, high) = (low >= 0 ? max(low - room, 0) : low - room, high + room)
        }
        let rough = (high - low) / Double(max(count, 1))
        let power = pow(10, log10(rough).rounded(.down))
        var step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.65 } ?? 10 * power
        if isWhole { step = max(step.rounded(), 1) }
        let first = (low / step - 1e-9).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        self.low = low
        self.high = high
        // Beyond 2^53, ticks one step apart would not differ.
        let areDistinct = max(abs(first), abs(last)) < 0x1p53
        ticks =
            areDistinct && first <= last && last - first < 100
            ? (Int(first)...Int(last)).map { Double($0) * step } : []
    }

    /// The position of a value: 0 at the lower end, 1 at the upper one.
    func position(_ value: Double) -> Double { (value - low) / (high - low) }

    /// A tick's label with as many digits as the ticks need to differ.
    func text(_ value: Double) -> String {
        let step = ticks.count > 1 ? ticks[1] - ticks[0] : max(abs(value), 1e-3)
        let largest = ticks.map(abs).max() ?? 0
        if largest >= 1e6 || largest > 0 && largest < 1e-3 {
            let digits = Int(log10(max(largest / step, 1)).rounded(.up)) + 1
            return String(format: "%.\(min(max(digits, 2), 9))g", value)
        }
        let digits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
        return String(format: "%.\(min(digits, 9))f", value)
    }
}
