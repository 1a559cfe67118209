internal import Strata

/// The value of a hyperparameter.
public enum HyperParameterValue: Sendable, Hashable {
    case boolean(Bool)
    case int(Int)
    case float(Double)
    case string(String)
}

extension HyperParameterValue: CustomStringConvertible {
    /// The value as in a table: `true`, `64`, `0.001`, `adam`.
    public var description: String {
        switch self {
        case .boolean(let value): "\(value)"
        case .int(let value): "\(value)"
        case .float(let value): "\(value)"
        case .string(let value): value
        }
    }
}

extension HyperParameterValue {
    /// The value in the search's journal.
    var json: JSONValue {
        switch self {
        case .boolean(let value): .bool(value)
        case .int(let value): .integer(value)
        case .float(let value): .number(value)
        case .string(let value): .string(value)
        }
    }

    /// - Returns: `nil` for JSON that is not a boolean, a number or a string.
    init?(json: JSONValue) {
        switch json {
        case .bool(let value): self = .boolean(value)
        case .integer(let value): self = .int(value)
        case .number(let value): self = .float(value)
        case .string(let value): self = .string(value)
        case .null, .array, .object: return nil
        }
    }

    /// Whether it is an integer or a floating-point number.
    var isNumber: Bool {
        switch self {
        case .int, .float: true
        case .boolean, .string: false
        }
    }

    /// Whether two values are equal; JSON does not tell 1.0 from 1.
    func isSame(as other: HyperParameterValue) -> Bool {
        self == other || (isNumber && other.isNumber && number == other.number)
    }

    /// The value as a number: a boolean is 0 or 1; `nil` for a string.
    var number: Double? {
        switch self {
        case .boolean(let value): value ? 1 : 0
        case .int(let value): Double(value)
        case .float(let value): value
        case .string: nil
        }
    }
}

/// A type whose values a hyperparameter can have: booleans, integers, floating-point numbers,
/// strings, and enumerations of these.
///
/// ```swift
/// enum Pooling: String, CaseIterable, HyperParameterConvertible { case max, average }
/// ```
public protocol HyperParameterConvertible: Equatable {
    /// The value as that of a hyperparameter.
    var hyperParameterValue: HyperParameterValue { get }
    /// - Returns: `nil` if the value is not one of this type.
    init?(hyperParameterValue: HyperParameterValue)
}

extension Bool: HyperParameterConvertible {
    public var hyperParameterValue: HyperParameterValue { .boolean(self) }
    public init?(hyperParameterValue: HyperParameterValue) {
        guard case .boolean(let value) = hyperParameterValue else { return nil }
        self = value
    }
}

extension Int: HyperParameterConvertible {
    public var hyperParameterValue: HyperParameterValue { .int(self) }
    public init?(hyperParameterValue: HyperParameterValue) {
        guard case .int(let value) = hyperParameterValue else { return nil }
        self = value
    }
}

extension Double: HyperParameterConvertible {
    public var hyperParameterValue: HyperParameterValue { .float(self) }
    public init?(hyperParameterValue: HyperParameterValue) {
        switch hyperParameterValue {
        case .float(let value): self = value
        // JSON does not tell 1.0 from 1.
        case .int(let value): self = Double(value)
        case .boolean, .string: return nil
        }
    }
}

extension Float: HyperParameterConvertible {
    public var hyperParameterValue: HyperParameterValue { .float(Double(self)) }
    public init?(hyperParameterValue: HyperParameterValue) {
        guard let value = Double(hyperParameterValue: hyperParameterValue) else { return nil }
        self = Float(value)
    }
}

extension String: HyperParameterConvertible {
    public var hyperParameterValue: HyperParameterValue { .string(self) }
    public init?(hyperParameterValue: HyperParameterValue) {
        guard case .string(let value) = hyperParameterValue else { return nil }
        self = value
    }
}

extension HyperParameterConvertible
where Self: RawRepresentable, RawValue: HyperParameterConvertible {
    public var hyperParameterValue: HyperParameterValue { rawValue.hyperParameterValue }
    public init?(hyperParameterValue: HyperParameterValue) {
        guard let raw = RawValue(hyperParameterValue: hyperParameterValue) else { return nil }
        self.init(rawValue: raw)
    }
}
