/// The range of values of one feature map.
struct MapRange {
    private(set) var low = Float.infinity
    private(set) var high = -Float.infinity
    private var hasNaN = false

    init() {}

    init(_ values: some Sequence<Float>) {
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
    var isEmpty: Bool { low > high }

    /// Whether all values are the same.
    var isConstant: Bool { low == high }

    /// The reason why the map has no activation; `nil` if it has.
    var problem: String? {
        if isEmpty { return hasNaN ? "not finite: NaN or infinite" : "no values" }
        if isConstant { return "\(Model.short(low)) everywhere" }
        return high > 0 ? nil : "never positive, at most \(Model.short(high))"
    }

    /// The caption of the map.
    var caption: String {
        if isEmpty { return "NaN" }
        return (isConstant ? "all \(Model.short(low))" : Model.short(high))
            + (hasNaN ? ", NaN" : "")
    }
}
