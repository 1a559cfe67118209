/// A floating-point number: for arguments such as a rate or a factor.
///
/// It may be a literal or a variable: `0.2`, `rate`.
public protocol RealNumber {
    /// The number in double precision; for a `Float`, its shortest decimal form.
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
