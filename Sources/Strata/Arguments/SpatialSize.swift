/// One size for each spatial axis, or one for all: `3` or `[3, 5]`.
public struct SpatialSize: Sendable, Hashable, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral
{
    public var values: [Int]

    public init(_ values: [Int]) {
        self.values = values
    }

    public init(integerLiteral value: Int) {
        values = [value]
    }

    public init(arrayLiteral elements: Int...) {
        values = elements
    }

    /// The value of an argument; `fallback` if it was left out.
    init<each Part: IntegerList>(joining parts: repeat each Part, or fallback: SpatialSize = []) {
        self = SpatialSize.joined(repeat each parts) ?? fallback
    }

    /// The value of an argument; `nil` if it was left out.
    static func joined<each Part: IntegerList>(_ parts: repeat each Part) -> SpatialSize? {
        [Int].joined(repeat each parts).map { SpatialSize($0) }
    }

    /// The values for `rank` axes.
    ///
    /// - Throws: unless there are one or `rank` numbers, or if one is below 1 (or below 0) or so
    ///   large that products of sizes would overflow.
    func expanded(_ rank: Int, name: String, allowsZero: Bool = false)
        throws(GraphError.Problem) -> [Int]
    {
        guard values.count == rank || values.count == 1 else {
            throw .invalidArgument(
                "\(name) has \(values.count) numbers for \(rank) spatial axes",
                fix: "give one number, or one for each axis")
        }
        let least = allowsZero ? 0 : 1
        guard values.allSatisfy({ $0 >= least }) else {
            throw .invalidArgument(
                "\(name) \(values) is \(allowsZero ? "negative" : "not positive")",
                fix: "use \(least) or more")
        }
        guard values.allSatisfy({ $0 <= SpatialSize.largest }) else {
            throw .invalidArgument(
                "\(name) \(values) is too large", fix: "use \(SpatialSize.largest) at most")
        }
        return values.count == rank ? values : Array(repeating: values[0], count: rank)
    }

    private static let largest = 1 << 24

    /// As Keras writes it: always one size for each axis.
    func json(_ rank: Int) -> JSONValue {
        let all = values.count == 1 ? Array(repeating: values[0], count: rank) : values
        return .array(all.map(JSONValue.integer))
    }
}

extension SpatialSize: IntegerList {
    public var integers: [Int] { values }
}

/// The position of the channel axis.
public enum DataFormat: String, Sendable, Hashable {
    /// `[batch, spatial…, channels]`.
    case channelsLast = "channels_last"
    /// `[batch, channels, spatial…]`.
    case channelsFirst = "channels_first"
}

extension SymbolicTensor {
    /// Applies a function that needs channels last, whatever the format.
    func withChannelsLast(
        _ format: DataFormat, _ body: (SymbolicTensor) -> SymbolicTensor
    ) -> SymbolicTensor {
        guard format == .channelsFirst, rank > 2 else { return body(self) }
        let result = body(transposed([0] + Array(2..<rank) + [1]))
        guard result.rank == rank else { return result }
        return result.transposed([0, rank - 1] + Array(1..<rank - 1))
    }
}

extension Shape {
    /// The shape with channels moved to the end.
    func withChannelsLast(_ format: DataFormat) -> Shape {
        guard format == .channelsFirst, rank > 2 else { return self }
        return Shape([self[0]] + dimensions[2...] + [self[1]])
    }
}
