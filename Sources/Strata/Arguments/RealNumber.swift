/// A number that may have a fraction: what arguments take that are one rate, factor or deviation.
///
/// It may be a literal or a variable: `0.2`, `rate`.
public protocol RealNumber {
    /// The number in twice the precision; of a `Float` the decimal that was written for it.
    var asDouble: Double { get }
}

extension Double: RealNumber {
    public var asDouble: Double { self }
}

extension Float: RealNumber {
    public var asDouble: Double { asWritten }
}

extension Int: RealNumber {
    public var asDouble: Double { Double(self) }
}
