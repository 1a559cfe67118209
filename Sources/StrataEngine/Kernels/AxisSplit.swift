/// A row-major tensor around some axes that are next to each other: `[outer, length, inner]`.
struct AxisSplit: Sendable {
    var outer: Int
    /// The product of the axes' lengths.
    var length: Int
    var inner: Int

    init(_ shape: [Int], _ axes: Range<Int>) {
        outer = shape[..<axes.lowerBound].reduce(1, *)
        length = shape[axes].reduce(1, *)
        inner = shape[axes.upperBound...].reduce(1, *)
    }

    init(_ shape: [Int], axis: Int) { self.init(shape, axis..<axis + 1) }
}
