/// The number of elements cropped or padded before and after an axis: `2`, or `[1, 2]`.
public struct AxisMargins: Sendable, Hashable, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral
{
    /// One amount for both ends, or one for each.
    public var values: [Int]

    public init(_ values: [Int]) {
        self.values = values
    }

    init(_ ends: (Int, Int)) {
        values = [ends.0, ends.1]
    }

    public init(integerLiteral value: Int) {
        values = [value]
    }

    public init(arrayLiteral elements: Int...) {
        values = elements
    }

    fileprivate func checked(_ name: String) throws(GraphError.Problem) -> (before: Int, after: Int)
    {
        guard values.count == 1 || values.count == 2 else {
            throw .invalidArgument(
                "\(name) has \(values.count) numbers for the ends of an axis",
                fix: "give one number, or one for each end")
        }
        guard values.allSatisfy({ (0...AxisMargins.largest).contains($0) }) else {
            throw .invalidArgument(
                "\(name) \(values) is not from 0 to \(AxisMargins.largest)",
                fix: "use numbers in that range")
        }
        return (values[0], values[values.count - 1])
    }

    /// Beyond this, sums of sizes could overflow.
    private static let largest = 1 << 24

    fileprivate var json: JSONValue {
        .array((values.count == 1 ? values + values : values).map(JSONValue.integer))
    }
}

/// Amounts for all spatial axes: `1`, one for each axis as `[2, 1]`, or `[[1, 2], [0, 3]]`.
public struct SpatialMargins: Sendable, Hashable, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral
{
    /// One for each axis, or one for all.
    public var axes: [AxisMargins]
    private let isForAll: Bool

    public init(_ axes: [AxisMargins]) {
        self.axes = axes
        isForAll = false
    }

    public init(integerLiteral value: Int) {
        axes = [AxisMargins([value])]
        isForAll = true
    }

    public init(arrayLiteral elements: AxisMargins...) {
        self.init(elements)
    }

    private func expanded(_ rank: Int) -> [AxisMargins] {
        isForAll ? (0..<rank).flatMap { _ in axes } : axes
    }

    /// The values for `rank` axes.
    func checked(_ rank: Int, name: String) throws(GraphError.Problem) -> [(
        before: Int, after: Int
    )] {
        let all = expanded(rank)
        guard all.count == rank else {
            throw .invalidArgument(
                "\(name) is given for \(all.count) axes, where there are \(rank)",
                fix: "give one amount, or amounts for each axis")
        }
        return try all.map { axis throws(GraphError.Problem) in try axis.checked(name) }
    }

    /// As Keras writes it: always two amounts for each axis.
    func json(_ rank: Int) -> JSONValue {
        let all = expanded(rank).map(\.json)
        return rank == 1 && all.count == 1 ? all[0] : .array(all)
    }
}

/// The amounts for one axis: an `Int` for both ends, or an array of one for each.
public protocol AxisMarginsConvertible {
    var axisMargins: AxisMargins { get }
}

extension Int: AxisMarginsConvertible {
    public var axisMargins: AxisMargins { AxisMargins([self]) }
}

extension AxisMargins: AxisMarginsConvertible {
    public var axisMargins: AxisMargins { self }
}

/// The amounts for all spatial axes: an `Int` for all, or an array with one or two for each axis.
public protocol SpatialMarginsConvertible {
    var spatialMargins: SpatialMargins { get }
}

extension Int: SpatialMarginsConvertible {
    public var spatialMargins: SpatialMargins { SpatialMargins(integerLiteral: self) }
}

extension Array: AxisMarginsConvertible where Element == Int {
    public var axisMargins: AxisMargins { AxisMargins(self) }
}

extension Array: SpatialMarginsConvertible where Element: AxisMarginsConvertible {
    public var spatialMargins: SpatialMargins { SpatialMargins(map(\.axisMargins)) }
}

extension SpatialMargins: SpatialMarginsConvertible {
    public var spatialMargins: SpatialMargins { self }
}

extension Configuration {
    /// Keras's `cropping` or `padding` of a layer with `rank` spatial axes.
    func margins(_ key: String, rank: Int, default fallback: SpatialMargins)
        throws(ConfigurationError) -> SpatialMargins
    {
        guard let value = value(key) else { return fallback }
        if rank == 1 { return SpatialMargins([AxisMargins(try ints(key))]) }
        if let number = value.integer { return SpatialMargins(integerLiteral: number) }
        return SpatialMargins(
            try array(key).map { item throws(ConfigurationError) in
                let inner = Configuration([key: item], path: path)
                return AxisMargins(try inner.ints(key))
            })
    }
}
