/// One axis or several, negative ones counted from the end: `-1` or `[1, 2]`.
public struct Axes: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    public var values: [Int]
    /// Whether a list was given, even of one axis: Keras saves it as given.
    private var isList: Bool

    public init(_ values: [Int]) {
        self.values = values
        isList = true
    }

    /// The axes of an `Int`, an array or `Axes`.
    init(_ axes: any IntegerList) {
        switch axes {
        case let axes as Axes: self = axes
        case let axis as Int: self.init(integerLiteral: axis)
        default: self.init(axes.integers)
        }
    }

    public init(integerLiteral value: Int) {
        values = [value]
        isList = false
    }

    public init(arrayLiteral elements: Int...) {
        self.init(elements)
    }

    /// The value of an argument; `fallback` if it was left out.
    init<each Part: IntegerList>(joining parts: repeat each Part, or fallback: Axes) {
        var given: [any IntegerList] = []
        repeat given.append(each parts)
        switch given.count {
        case 0: self = fallback
        case 1: self.init(given[0])
        default: self.init(given.flatMap(\.integers))
        }
    }

    /// The axes of a shape, in the given order.
    ///
    /// - Throws: if the shape has no such axis, or one is named twice.
    func normalized(in shape: Shape) throws(GraphError.Problem) -> [Int] {
        var result: [Int] = []
        for axis in values {
            guard let position = shape.normalized(axis: axis), !result.contains(position) else {
                throw .invalidArgument(
                    "axes \(values) are not different axes of \(shape)",
                    fix: "choose axes from 0 to \(shape.rank - 1), or from -\(shape.rank) to -1")
            }
            result.append(position)
        }
        return result
    }

    /// The lengths of these axes.
    ///
    /// - Throws: also where a length is not known.
    func lengths(in shape: Shape) throws(GraphError.Problem) -> [Int] {
        var lengths: [Int] = []
        for axis in try normalized(in: shape) {
            guard let length = shape[axis] else {
                throw .unknownDimension(shape, needed: "axis \(axis)")
            }
            lengths.append(length)
        }
        return lengths
    }

    /// In order of the given numbers, as in some of Keras's layers.
    var sorted: Axes { Axes(values.sorted()) }

    var json: JSONValue {
        isList ? .array(values.map(JSONValue.integer)) : JSONValue(values.first)
    }
}

extension Axes: IntegerList {
    public var integers: [Int] { values }
}

extension Shape {
    /// The shape with 1 for all axes except some, which broadcasts values along the others.
    func keeping(_ axes: [Int]) -> Shape {
        Shape((0..<rank).map { axes.contains($0) ? self[$0] : 1 })
    }
}

extension Configuration {
    /// An axis, or a list of axes.
    func axes(_ key: String) throws(ConfigurationError) -> Axes {
        guard let value = value(key) else { return -1 }
        let axes = Axes(try ints(key))
        guard case .array = value else { return Axes(integerLiteral: axes.values[0]) }
        return axes
    }
}
