/// The selection of an index along one axis.
public enum AxisSelection: Sendable, Hashable {
    /// One index; the axis is removed.
    case position(Int)
    /// A range of indices; the axis is kept.
    case slice(Range<Int>)
    /// A list of indices; the axis is kept.
    case positions([Int])
}

/// An index of a tensor's axis: an `Int`, a range, a stride, a list of indices, or a tensor of
/// indices or booleans.
public protocol TensorIndex {
    /// The selection along an axis of a shape.
    ///
    /// - Throws: if the axis has no such index.
    func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection
}

extension AxisSelection {
    /// The offsets of the selected indices, on an axis with a stride.
    func offsets(stride: Int) -> AxisOffsets {
        switch self {
        case .position(let position): .even(start: position * stride, stride: stride, count: 1)
        case .slice(let positions):
            .even(start: positions.lowerBound * stride, stride: stride, count: positions.count)
        case .positions(let positions): .listed(positions.map { $0 * stride })
        }
    }
}

extension Int: TensorIndex {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        .position(try position(onAxis: axis, of: shape))
    }

    /// The index, counted from the end if negative.
    fileprivate func position(onAxis axis: Int, of shape: [Int]) throws(GraphError) -> Int {
        let length = try AxisSelection.length(ofAxis: axis, in: shape)
        guard (-length..<length).contains(self) else {
            throw GraphError(
                .invalidArgument(
                    "index \(self) is outside of axis \(axis) of a tensor of shape \(shape)",
                    fix: length == 0
                        ? "the axis is empty" : "use 0 to \(length - 1), or -\(length) to -1"))
        }
        return self < 0 ? self + length : self
    }

    /// A bound of a slice: counted from the end if negative, and clipped to the axis, as in NumPy.
    fileprivate func bound(_ length: Int) -> Int {
        let position = self < 0 ? addingReportingOverflow(length).partialValue : self
        return Swift.min(Swift.max(position, 0), length)
    }
}

extension Array: TensorIndex where Element == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        _ = try AxisSelection.length(ofAxis: axis, in: shape)
        var positions: [Int] = []
        positions.reserveCapacity(count)
        for index in self { positions.append(try index.position(onAxis: axis, of: shape)) }
        return .positions(positions)
    }
}

extension AxisSelection {
    /// The length of an axis.
    ///
    /// - Throws: if the shape has no such axis.
    fileprivate static func length(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> Int {
        guard shape.indices.contains(axis), shape[axis] >= 0 else {
            throw GraphError(
                .invalidArgument(
                    "there is no axis \(axis) of a tensor of shape \(shape)",
                    fix: "use axes from 0 to \(shape.count - 1), and lengths that are not negative")
            )
        }
        return shape[axis]
    }

    fileprivate static func slice(
        _ start: Int?, _ end: Int?, ofAxis axis: Int, in shape: [Int]
    ) throws(GraphError) -> AxisSelection {
        let length = try length(ofAxis: axis, in: shape)
        let (first, last) = ((start ?? 0).bound(length), (end ?? length).bound(length))
        return .slice(first..<Swift.max(first, last))
    }

    /// The end of a slice that includes its last index.
    fileprivate static func end(through last: Int) -> Int? {
        // After -1 comes the end of the axis.
        last == -1 || last == .max ? nil : last + 1
    }
}

extension Range: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        try .slice(lowerBound, upperBound, ofAxis: axis, in: shape)
    }
}

extension ClosedRange: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        try .slice(lowerBound, AxisSelection.end(through: upperBound), ofAxis: axis, in: shape)
    }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        try .slice(lowerBound, nil, ofAxis: axis, in: shape)
    }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        try .slice(nil, upperBound, ofAxis: axis, in: shape)
    }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        try .slice(nil, AxisSelection.end(through: upperBound), ofAxis: axis, in: shape)
    }
}

extension StrideTo: TensorIndex where Element == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        let length = try AxisSelection.length(ofAxis: axis, in: shape)
        return .positions(Array(prefix { $0 < length && $0 >= 0 }))
    }
}

extension StrideThrough: TensorIndex where Element == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        let length = try AxisSelection.length(ofAxis: axis, in: shape)
        return .positions(Array(prefix { $0 < length && $0 >= 0 }))
    }
}

extension Tensor: TensorIndex {
    /// The index of an integer, the indices of a vector of integers, or those of the true elements
    /// of a `bool` vector.
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        if rank == 0, dtype != .bool, !dtype.isFloatingPoint {
            return try integers[0].selection(ofAxis: axis, in: shape)
        }
        let length = try AxisSelection.length(ofAxis: axis, in: shape)
        let fits = rank == 1 && !dtype.isFloatingPoint && (dtype != .bool || count == length)
        guard fits else {
            throw GraphError(
                .invalidArgument(
                    "a tensor of \(dtype.rawValue) of shape \(self.shape) selects nothing "
                        + "of axis \(axis) of a tensor of shape \(shape)",
                    fix: dtype == .bool
                        ? "give one truth value for each position"
                        : "use a vector of integers, or of bool"))
        }
        return dtype == .bool
            ? .positions(positions) : try integers.selection(ofAxis: axis, in: shape)
    }
}
