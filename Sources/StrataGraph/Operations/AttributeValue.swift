/// The value of an attribute of an operation.
package enum AttributeValue: Sendable, Hashable {
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case dtype(DType)
    case ints([Int])
    /// A list of integers of which some are unknown.
    case shape(Shape)
    case tensor(Tensor)
    case variable(Variable)
}

extension AttributeValue: CustomStringConvertible {
    package var description: String {
        switch self {
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .float(let value): "\(value)"
        case .string(let value): "\"\(value)\""
        case .dtype(let value): value.rawValue
        case .ints(let values): "\(values)"
        case .shape(let shape): "\(shape)"
        case .tensor(let tensor): "a tensor of shape \(tensor.shape)"
        case .variable(let variable): "variable \(variable.name)"
        }
    }
}

/// A type that attributes have in Swift.
package protocol AttributeConvertible: Sendable {
    /// The valid values, in words.
    static var allowedValues: String { get }

    /// The value as this type, or `nil` if it has another type.
    static func from(_ value: AttributeValue) -> Self?

    var attributeValue: AttributeValue { get }
}

extension Bool: AttributeConvertible {
    package static var allowedValues: String { "true or false" }
    package static func from(_ value: AttributeValue) -> Bool? {
        if case .bool(let value) = value { value } else { nil }
    }
    package var attributeValue: AttributeValue { .bool(self) }
}

extension Int: AttributeConvertible {
    package static var allowedValues: String { "an integer" }
    package static func from(_ value: AttributeValue) -> Int? {
        if case .int(let value) = value { value } else { nil }
    }
    package var attributeValue: AttributeValue { .int(self) }
}

/// The bits of an integer, so that all 64 of a random key pass.
extension UInt64: AttributeConvertible {
    package static var allowedValues: String { "an integer" }
    package static func from(_ value: AttributeValue) -> UInt64? {
        if case .int(let value) = value { UInt64(bitPattern: Int64(value)) } else { nil }
    }
    package var attributeValue: AttributeValue { .int(Int(Int64(bitPattern: self))) }
}

extension Float: AttributeConvertible {
    package static var allowedValues: String { "a number that float32 can hold" }
    /// An integer is also a floating-point value.
    package static func from(_ value: AttributeValue) -> Float? {
        switch value {
        case .float(let value):
            let float = Float(value)
            return float.isFinite == value.isFinite ? float : nil
        case .int(let value): return Float(value)
        case .bool, .string, .dtype, .ints, .shape, .tensor, .variable: return nil
        }
    }
    package var attributeValue: AttributeValue { .float(Double(self)) }
}

extension String: AttributeConvertible {
    package static var allowedValues: String { "a string" }
    package static func from(_ value: AttributeValue) -> String? {
        if case .string(let value) = value { value } else { nil }
    }
    package var attributeValue: AttributeValue { .string(self) }
}

extension DType: AttributeConvertible {
    package static var allowedValues: String {
        "one of " + allCases.map(\.rawValue).joined(separator: ", ")
    }
    package static func from(_ value: AttributeValue) -> DType? {
        if case .dtype(let value) = value { value } else { nil }
    }
    package var attributeValue: AttributeValue { .dtype(self) }
}

extension [Int]: AttributeConvertible {
    package static var allowedValues: String { "a list of integers" }
    package static func from(_ value: AttributeValue) -> [Int]? {
        if case .ints(let values) = value { values } else { nil }
    }
    package var attributeValue: AttributeValue { .ints(self) }
}

extension Shape: AttributeConvertible {
    package static var allowedValues: String { "a shape" }
    /// A list of integers is also a shape.
    package static func from(_ value: AttributeValue) -> Shape? {
        switch value {
        case .shape(let shape): shape
        case .ints(let dimensions): Shape(dimensions)
        case .bool, .int, .float, .string, .dtype, .tensor, .variable: nil
        }
    }
    package var attributeValue: AttributeValue { .shape(self) }
}

extension Tensor: AttributeConvertible {
    package static var allowedValues: String { "a tensor" }
    package static func from(_ value: AttributeValue) -> Tensor? {
        if case .tensor(let tensor) = value { tensor } else { nil }
    }
    package var attributeValue: AttributeValue { .tensor(self) }
}

extension Variable: AttributeConvertible {
    package static var allowedValues: String { "a variable" }
    package static func from(_ value: AttributeValue) -> Variable? {
        if case .variable(let variable) = value { variable } else { nil }
    }
    package var attributeValue: AttributeValue { .variable(self) }
}

/// Enumerations are strings: the names of their cases.
extension AttributeConvertible where Self: RawRepresentable & CaseIterable, RawValue == String {
    package static var allowedValues: String {
        "one of " + allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    }
    package static func from(_ value: AttributeValue) -> Self? {
        if case .string(let name) = value { Self(rawValue: name) } else { nil }
    }
    package var attributeValue: AttributeValue { .string(rawValue) }
}
