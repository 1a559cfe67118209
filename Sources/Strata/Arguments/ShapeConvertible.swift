/// The shape of a sample: a length, an array of lengths, or of optional lengths.
public protocol ShapeConvertible {
    var asShape: Shape { get }
}

extension Int: ShapeConvertible {
    public var asShape: Shape { [self] }
}

extension Array: ShapeConvertible where Element: ShapeDimension {
    public var asShape: Shape { Shape(map(\.length)) }
}

extension Shape: ShapeConvertible {
    public var asShape: Shape { self }
}

/// A dimension of a ``ShapeConvertible``: `Int`, or `Int?` with `nil` for any length.
public protocol ShapeDimension {
    var length: Int? { get }
}

extension Int: ShapeDimension {
    public var length: Int? { self }
}

extension Int?: ShapeDimension {
    public var length: Int? { self }
}
