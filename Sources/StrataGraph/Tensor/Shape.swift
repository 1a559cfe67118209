/// The dimensions of a tensor, outermost first; an unknown dimension is `nil`.
///
/// ```swift
/// let images: Shape = [nil, 28, 28, 1]  // any number of 28 × 28 grey images
/// ```
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral {
    public var dimensions: [Int?]

    public init(_ dimensions: [Int?]) {
        self.dimensions = dimensions
    }

    public init(_ dimensions: [Int]) {
        self.dimensions = dimensions.map { $0 }
    }

    public init(arrayLiteral elements: Int?...) {
        dimensions = elements
    }

    public var rank: Int { dimensions.count }

    /// The dimension at `axis`; negative axes count from the end.
    ///
    /// It is `nil` if it is unknown, or if there is no such axis, as in the shape of a failed
    /// symbolic tensor.
    ///
    /// - Precondition: an axis that is set exists.
    public subscript(axis: Int) -> Int? {
        get { normalized(axis: axis).flatMap { dimensions[$0] } }
        set {
            let position = required { () throws(GraphError) in
                guard let position = normalized(axis: axis) else {
                    throw GraphError(
                        .invalidArgument(
                            "there is no axis \(axis) in the shape \(self)",
                            fix: "compare the axis with the rank, \(rank)"))
                }
                return position
            }
            dimensions[position] = newValue
        }
    }

    /// The dimensions, if all are known.
    public var known: [Int]? {
        let known = dimensions.compactMap { $0 }
        return known.count == rank ? known : nil
    }

    /// The product of the dimensions, if all are known and 64 bits hold it.
    public var elementCount: Int? {
        known.flatMap { dimensions in
            dimensions.reduce(1) { (count: Int?, dimension) in
                guard let count else { return nil }
                let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
                return overflow ? nil : product
            }
        }
    }

    /// Whether a tensor can have this shape: no dimension is negative, and the known ones do not
    /// exceed the number of addressable elements, so that their sums and products do not overflow.
    package var isPossible: Bool {
        var count = 1
        return dimensions.compactMap(\.self).allSatisfy { dimension in
            guard dimension >= 0 else { return false }
            let (product, overflow) = count.multipliedReportingOverflow(by: max(dimension, 1))
            count = product
            return !overflow && product <= 1 << 46
        }
    }

    /// `axis` counted from the front, or `nil` if the shape has no such axis.
    package func normalized(axis: Int) -> Int? {
        let axis = axis < 0 ? axis + rank : axis
        return (0..<rank).contains(axis) ? axis : nil
    }

    /// The broadcast shape of two shapes, by NumPy's rule.
    ///
    /// It is `nil` if they do not fit. An unknown dimension fits everything.
    package func broadcast(with other: Shape) -> Shape? {
        let rank = max(rank, other.rank)
        var result: [Int?] = []
        for position in 0..<rank {
            let left = position < rank - self.rank ? 1 : dimensions[position - rank + self.rank]
            let right = position < rank - other.rank ? 1 : other[position - rank + other.rank]
            switch (left, right) {
            case (1, let dimension), (let dimension, 1): result.append(dimension)
            case (nil, let dimension), (let dimension, nil): result.append(dimension)
            case (let a?, let b?):
                if a != b { return nil }
                result.append(a)
            }
        }
        return Shape(result)
    }

    /// Whether a value of shape `other` matches this shape.
    package func accepts(_ other: Shape) -> Bool {
        rank == other.rank
            && zip(dimensions, other.dimensions).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
    }
}

extension Shape: CustomStringConvertible {
    /// The shape as text: `[?, 28, 28, 1]`.
    public var description: String {
        "[" + dimensions.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
    }
}
