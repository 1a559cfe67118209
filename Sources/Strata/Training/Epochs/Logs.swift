/// Quantities by name at one moment of training: `loss`, `accuracy`, `val_loss`.
///
/// ```swift
/// let logs = try model.evaluate(x, y)
/// print(logs["accuracy"] ?? .nan)
/// for (name, value) in logs { print(name, value) }
/// ```
///
/// Most quantities have one value. A metric without an average, such as `F1Score()` over classes,
/// has one value for each class: ``values(_:)`` returns them all, and a single value is their mean,
/// as in Keras 3.15.1's progress line.
public struct Logs: Sendable, Hashable {
    private var single: [String: Float] = [:]
    private var several: [String: [Float]] = [:]

    /// The value of a quantity, or the mean of its values; `nil` if there is no such quantity.
    public subscript(name: String) -> Float? {
        get { single[name] ?? several[name].map(Self.mean) }
        set {
            single[name] = newValue
            several[name] = nil
        }
    }

    /// All values of a quantity; empty if there is no such quantity.
    public func values(_ name: String) -> [Float] {
        single[name].map { [$0] } ?? several[name] ?? []
    }

    /// Adds a quantity, or replaces it.
    package mutating func set(_ name: String, _ values: [Float]) {
        single[name] = values.count == 1 ? values[0] : nil
        several[name] = values.count == 1 ? nil : values
    }

    /// The names of the quantities, sorted.
    public var keys: [String] { (Array(single.keys) + several.keys).sorted() }

    /// The number of quantities.
    public var count: Int { single.count + several.count }

    public var isEmpty: Bool { count == 0 }

    /// The quantities whose names match a condition.
    func filter(_ isIncluded: (String) -> Bool) -> Logs {
        var result = self
        result.single = single.filter { isIncluded($0.key) }
        result.several = several.filter { isIncluded($0.key) }
        return result
    }

    package static func mean(_ values: [Float]) -> Float {
        values.isEmpty ? .nan : values.reduce(0, +) / Float(values.count)
    }
}

extension Logs: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, Float)...) {
        for (name, value) in elements { self[name] = value }
    }
}

/// The quantities by name; the mean of several values.
extension Logs: Sequence {
    public func makeIterator() -> AnyIterator<(key: String, value: Float)> {
        var names = keys.makeIterator()
        return AnyIterator { names.next().map { ($0, self[$0] ?? .nan) } }
    }
}

extension Logs: CustomStringConvertible {
    /// `["accuracy": 0.5, "f1_score": [0.25, 0.75]]`.
    public var description: String {
        let members = keys.map { name in
            let values = values(name)
            return "\"\(name)\": " + (values.count == 1 ? "\(values[0])" : "\(values)")
        }
        return members.isEmpty ? "[:]" : "[\(members.joined(separator: ", "))]"
    }
}
