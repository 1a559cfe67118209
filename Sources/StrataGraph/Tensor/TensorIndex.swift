/// What an index takes of one axis.
public enum AxisSelection: Sendable, Hashable {
    /// One position; the axis goes.
    case position(Int)
    /// Positions one after another; the axis stays.
    case slice(Range<Int>)
    /// Positions in this order; the axis stays.
    case positions([Int])
}

/// What can stand in a tensor's brackets for an axis: an `Int`, a range, a stride, a list of positions, or a
/// tensor of positions or of truth values.
public protocol TensorIndex {
    /// What is taken of an axis of a shape.
    ///
    /// - Throws: where the axis has no such position.
    func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection
}

extension AxisSelection {
    /// Where the selected positions are, on an axis whose positions have this distance.
    func offsets(stride: Int) -> AxisOffsets {
        switch self {
        case .position(let place): .even(start: place * stride, stride: stride, count: 1)
        case .slice(let places):
            .even(start: places.lowerBound * stride, stride: stride, count: places.count)
        case .positions(let places): .listed(places.map { $0 * stride })
        }
    }
}

extension Int: TensorIndex {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        .position(try place(onAxis: axis, of: shape))
    }

    /// The position, from the end where negative.
    fileprivate func place(onAxis axis: Int, of shape: [Int]) throws(GraphError) -> Int {
        let length = shape[axis]
        guard (-length..<length).contains(self) else {
            throw GraphError(
                .invalidArgument(
                    "index \(self) is outside of axis \(axis) of a tensor of shape \(shape)",
                    fix: length == 0
                        ? "the axis is empty" : "use 0 to \(length - 1), or -\(length) to -1"))
        }
        return self < 0 ? self + length : self
    }

    /// Where a slice ends or begins: from the end where negative, and within the axis, as in NumPy.
    fileprivate func bound(_ length: Int) -> Int {
        let place = self < 0 ? addingReportingOverflow(length).partialValue : self
        return Swift.min(Swift.max(place, 0), length)
    }
}

extension Array: TensorIndex where Element == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        var places: [Int] = []
        places.reserveCapacity(count)
        for index in self { places.append(try index.place(onAxis: axis, of: shape)) }
        return .positions(places)
    }
}

extension AxisSelection {
    fileprivate static func slice(_ start: Int?, _ end: Int?, _ length: Int) -> AxisSelection {
        let (first, last) = ((start ?? 0).bound(length), (end ?? length).bound(length))
        return .slice(first..<Swift.max(first, last))
    }

    /// Where a slice that includes its last position ends.
    fileprivate static func end(through last: Int) -> Int? {
        // Behind -1 comes the end of the axis.
        last == -1 || last == .max ? nil : last + 1
    }
}

extension Range: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) -> AxisSelection {
        .slice(lowerBound, upperBound, shape[axis])
    }
}

extension ClosedRange: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) -> AxisSelection {
        .slice(lowerBound, AxisSelection.end(through: upperBound), shape[axis])
    }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) -> AxisSelection {
        .slice(lowerBound, nil, shape[axis])
    }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) -> AxisSelection {
        .slice(nil, upperBound, shape[axis])
    }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) -> AxisSelection {
        .slice(nil, AxisSelection.end(through: upperBound), shape[axis])
    }
}

extension StrideTo: TensorIndex where Element == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) -> AxisSelection {
        .positions(Array(prefix { $0 < shape[axis] && $0 >= 0 }))
    }
}

extension StrideThrough: TensorIndex where Element == Int {
    public func selection(ofAxis axis: Int, in shape: [Int]) -> AxisSelection {
        .positions(Array(prefix { $0 < shape[axis] && $0 >= 0 }))
    }
}

extension Tensor: TensorIndex {
    /// The position that a whole number names, the positions that a row of them names, or those of the true
    /// elements of a row of `bool`.
    public func selection(ofAxis axis: Int, in shape: [Int]) throws(GraphError) -> AxisSelection {
        if rank == 0, dtype != .bool, !dtype.isFloatingPoint {
            return try integers[0].selection(ofAxis: axis, in: shape)
        }
        let fits = rank == 1 && !dtype.isFloatingPoint && (dtype != .bool || count == shape[axis])
        guard fits else {
            throw GraphError(
                .invalidArgument(
                    "a tensor of \(dtype.rawValue) of shape \(self.shape) selects nothing "
                        + "of axis \(axis) of a tensor of shape \(shape)",
                    fix: dtype == .bool
                        ? "give one truth value for each position"
                        : "use a row of whole numbers, or of bool"))
        }
        return dtype == .bool
            ? .positions(positions) : try integers.selection(ofAxis: axis, in: shape)
    }
}
