/// The members of a configuration, with their path for errors.
///
/// Every accessor throws a ``ConfigurationError`` that names the member. A missing member
/// has the given default; without a default it is required.
public struct Configuration: Sendable {
    public let path: String
    public let members: [String: JSONValue]

    public init(_ members: [String: JSONValue], path: String = "") {
        self.members = members
        self.path = path
    }

    public init(_ value: JSONValue, path: String) throws(ConfigurationError) {
        guard case .object(let members) = value else {
            throw ConfigurationError(path: path, message: "an object is expected here")
        }
        self.init(members, path: path)
    }

    /// The member `key`, with `null` read as missing.
    public func value(_ key: String) -> JSONValue? {
        let value = members[key]
        return value == .null ? nil : value
    }

    /// The path of a member.
    public func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    public func failure(_ key: String, _ message: String) -> ConfigurationError {
        ConfigurationError(path: path(key), message: message)
    }

    private func required<T>(_ value: T?, _ key: String, _ kind: String)
        throws(ConfigurationError) -> T
    {
        guard let value else {
            let found = self.value(key) == nil ? "is missing" : "should be \(kind)"
            throw failure(key, found)
        }
        return value
    }

    public func int(_ key: String, default fallback: Int? = nil) throws(ConfigurationError) -> Int {
        if let value = try optionalInt(key) { return value }
        return try required(fallback, key, "an integer")
    }

    public func optionalInt(_ key: String) throws(ConfigurationError) -> Int? {
        switch value(key) {
        case nil: return nil
        case .integer(let value): return value
        case .number(let value):
            return try required(Int(exactly: value), key, "an integer")
        case .null, .bool, .string, .array, .object:
            throw failure(key, "should be an integer")
        }
    }

    public func float(_ key: String, default fallback: Float? = nil) throws(ConfigurationError)
        -> Float
    {
        Float(try double(key, default: fallback?.asWritten))
    }

    public func optionalFloat(_ key: String) throws(ConfigurationError) -> Float? {
        try optionalDouble(key).map { Float($0) }
    }

    public func double(_ key: String, default fallback: Double? = nil) throws(ConfigurationError)
        -> Double
    {
        if let value = try optionalDouble(key) { return value }
        return try required(fallback, key, "a number")
    }

    public func optionalDouble(_ key: String) throws(ConfigurationError) -> Double? {
        switch value(key) {
        case nil: return nil
        case .integer(let value): return Double(value)
        // With NaN, every output of the model would be NaN.
        case .number(let value) where !value.isNaN: return value
        case .null, .bool, .number, .string, .array, .object:
            throw failure(key, "should be a number")
        }
    }

    public func bool(_ key: String, default fallback: Bool? = nil) throws(ConfigurationError)
        -> Bool
    {
        switch value(key) {
        case nil: return try required(fallback, key, "true or false")
        case .bool(let value): return value
        case .null, .integer, .number, .string, .array, .object:
            throw failure(key, "should be true or false")
        }
    }

    public func string(_ key: String, default fallback: String? = nil)
        throws(ConfigurationError) -> String
    {
        if let value = try optionalString(key) { return value }
        return try required(fallback, key, "a text")
    }

    public func optionalString(_ key: String) throws(ConfigurationError) -> String? {
        switch value(key) {
        case nil: return nil
        case .string(let value): return value
        case .null, .bool, .integer, .number, .array, .object:
            throw failure(key, "should be a text")
        }
    }

    /// One of the raw values of a type.
    func choice<T: RawRepresentable & CaseIterable>(_ key: String, default fallback: T)
        throws(ConfigurationError) -> T where T.RawValue == String
    {
        guard let name = try optionalString(key) else { return fallback }
        guard let choice = T(rawValue: name) else {
            let known = T.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure(key, "\(name) is not one of \(known)")
        }
        return choice
    }

    /// An array of integers; a single number is read as an array of one.
    public func ints(_ key: String, default fallback: [Int]? = nil) throws(ConfigurationError)
        -> [Int]
    {
        guard let value = value(key) else {
            return try required(fallback, key, "integers")
        }
        if case .array(let items) = value {
            return try items.map { item throws(ConfigurationError) in
                try required(item.integer, key, "integers")
            }
        }
        return [try required(value.integer, key, "integers")]
    }

    /// An array of numbers; a single number is read as an array of one.
    public func doubles(_ key: String, default fallback: [Double]? = nil)
        throws(ConfigurationError) -> [Double]
    {
        guard let value = value(key) else { return try required(fallback, key, "numbers") }
        let items = if case .array(let items) = value { items } else { [value] }
        return try items.map { item throws(ConfigurationError) in
            switch item {
            case .integer(let value): return Double(value)
            case .number(let value) where !value.isNaN: return value
            case .null, .bool, .number, .string, .array, .object:
                throw failure(key, "should be a number, or an array of numbers")
            }
        }
    }

    /// As ``doubles(_:default:)``, in `float32`.
    public func floats(_ key: String) throws(ConfigurationError) -> [Float] {
        try doubles(key).map { Float($0) }
    }

    /// An array of strings.
    func strings(_ key: String) throws(ConfigurationError) -> [String] {
        try array(key).map { item throws(ConfigurationError) in
            guard case .string(let text) = item else { throw failure(key, "should be texts") }
            return text
        }
    }

    /// An object inside this one.
    public func object(_ key: String) throws(ConfigurationError) -> Configuration {
        guard let value = value(key) else { throw failure(key, "is missing") }
        return try Configuration(value, path: path(key))
    }

    /// An array inside this object.
    public func array(_ key: String) throws(ConfigurationError) -> [JSONValue] {
        switch value(key) {
        case nil: throw failure(key, "is missing")
        case .array(let items): return items
        case .null, .bool, .integer, .number, .string, .object:
            throw failure(key, "should be an array")
        }
    }
}

extension JSONValue {
    /// An integer, also if it is written with a fraction of 0.
    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        case .null, .bool, .string, .array, .object: nil
        }
    }
}
