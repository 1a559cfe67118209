/// The range of values of one feature map.
package struct MapRange {
    package private(set) var low = Float.infinity
    package private(set) var high = -Float.infinity
    private var hasNaN = false

    init() {}

    package init(_ values: some Sequence<Float>) {
        for value in values { add(value) }
    }

    mutating func add(_ value: Float) {
        guard value.isFinite else {
            hasNaN = true
            return
        }
        low = min(low, value)
        high = max(high, value)
    }

    /// Whether no value is finite.
    package var isEmpty: Bool { low > high }

    /// Whether all values are the same.
    package var isConstant: Bool { low == high }

    /// The reason why the map has no activation; `nil` if it has.
    package var problem: String? {
        if isEmpty { return hasNaN ? "not finite: NaN or infinite" : "no values" }
        if isConstant { return "\(low.shortText) everywhere" }
        return high > 0 ? nil : "never positive, at most \(high.shortText)"
    }

    /// The caption of the map.
    package var caption: String {
        if isEmpty { return "NaN" }
        return (isConstant ? "all \(low.shortText)" : high.shortText)
            + (hasNaN ? ", NaN" : "")
    }
}
