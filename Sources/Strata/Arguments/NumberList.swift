/// One or several numbers: for arguments with one number or a few.
///
/// It may be a variable, an array, a range, or the elements of a tuple: `0.2`, `rate`,
/// `[0.1, 0.2]`, `0.1...0.2`, `(-0.2, 0.2)`.
public protocol NumberList {
    /// All values, in order.
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
