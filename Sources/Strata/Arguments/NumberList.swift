/// A number or several: what arguments take that are one number or a few of them.
///
/// It may be a variable, an array, a range, or the elements of a tuple: `0.2`, `rate`, `[0.1, 0.2]`, `0.1...0.2`,
/// `(-0.2, 0.2)`.
public protocol NumberList {
    /// All of them, in their order.
    var doubles: [Double] { get }
}

extension Double: NumberList {
    public var doubles: [Double] { [self] }
}

extension Float: NumberList {
    public var doubles: [Double] { [asWritten] }
}

extension Array: NumberList where Element: NumberList {
    public var doubles: [Double] { flatMap(\.doubles) }
}

extension ClosedRange: NumberList where Bound: NumberList {
    public var doubles: [Double] { lowerBound.doubles + upperBound.doubles }
}
