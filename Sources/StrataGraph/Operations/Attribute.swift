/// An attribute of an operation: its name, its property in the definition, and its valid values.
///
/// Names are those of NumPy, ONNX and Keras in lowerCamelCase. Axes count from the front: negative
/// axes need the rank of an input, which is not known here.
package struct Attribute<Definition>: Sendable {
    package let name: String
    package let isRequired: Bool
    /// The valid values, in words.
    package let allowed: String
    /// The definition's value; `nil` if it has none.
    let value: @Sendable (Definition) -> AttributeValue?
    /// Sets the value, if it is of the attribute's type.
    let set: @Sendable (inout Definition, AttributeValue) -> Bool
    let setDefault: @Sendable (inout Definition) -> Void
    /// Whether the definition's value is valid.
    let isAllowed: @Sendable (Definition) -> Bool

    /// A required attribute.
    package static func required<Value: AttributeConvertible>(
        _ name: String, _ path: any WritableKeyPath<Definition, Value> & Sendable,
        _ rule: AttributeRule<Value>? = nil
    ) -> Attribute {
        Attribute(name, path, rule, isRequired: true) { _ in }
    }

    /// An attribute whose default is that of the definition's prototype.
    package static func optional<Value: AttributeConvertible>(
        _ name: String, _ path: any WritableKeyPath<Definition, Value> & Sendable,
        _ rule: AttributeRule<Value>? = nil
    ) -> Attribute {
        Attribute(name, path, rule, isRequired: false) { _ in }
    }

    /// An attribute whose default follows from those before it.
    package static func optional<Value: AttributeConvertible>(
        _ name: String, _ path: any WritableKeyPath<Definition, Value> & Sendable,
        _ rule: AttributeRule<Value>? = nil,
        default makeDefault: @escaping @Sendable (Definition) -> Value
    ) -> Attribute {
        Attribute(name, path, rule, isRequired: false) {
            $0[keyPath: path] = makeDefault($0)
        }
    }

    /// An optional attribute without a default.
    package static func optional<Value: AttributeConvertible>(
        _ name: String, _ path: any WritableKeyPath<Definition, Value?> & Sendable,
        _ rule: AttributeRule<Value>? = nil
    ) -> Attribute {
        Attribute(
            name: name, isRequired: false, allowed: rule?.allowed ?? Value.allowedValues,
            value: { $0[keyPath: path]?.attributeValue },
            set: { definition, value in
                guard let value = Value.from(value) else { return false }
                definition[keyPath: path] = value
                return true
            }, setDefault: { _ in },
            isAllowed: { definition in
                guard let rule, let value = definition[keyPath: path] else { return true }
                return rule.holds(value)
            })
    }

    /// The attribute, for a type that contains the definition.
    package func of<Owner>(_ path: any WritableKeyPath<Owner, Definition> & Sendable) -> Attribute<
        Owner
    > {
        Attribute<Owner>(
            name: name, isRequired: isRequired, allowed: allowed,
            value: { [value] in value($0[keyPath: path]) },
            set: { [set] in set(&$0[keyPath: path], $1) },
            setDefault: { [setDefault] in setDefault(&$0[keyPath: path]) },
            isAllowed: { [isAllowed] in isAllowed($0[keyPath: path]) })
    }
}

extension Attribute {
    private init<Value: AttributeConvertible>(
        _ name: String, _ path: any WritableKeyPath<Definition, Value> & Sendable,
        _ rule: AttributeRule<Value>?, isRequired: Bool,
        setDefault: @escaping @Sendable (inout Definition) -> Void
    ) {
        self.init(
            name: name, isRequired: isRequired, allowed: rule?.allowed ?? Value.allowedValues,
            value: { $0[keyPath: path].attributeValue },
            set: { definition, value in
                guard let value = Value.from(value) else { return false }
                definition[keyPath: path] = value
                return true
            }, setDefault: setDefault,
            isAllowed: { rule?.holds($0[keyPath: path]) ?? true })
    }
}

/// The valid values of an attribute.
package struct AttributeRule<Value>: Sendable {
    /// In words: "an integer of at least 1".
    package let allowed: String
    package let holds: @Sendable (Value) -> Bool

    package init(_ allowed: String, _ holds: @escaping @Sendable (Value) -> Bool) {
        self.allowed = allowed
        self.holds = holds
    }
}

extension AttributeRule<Int> {
    /// The limit with which sums and products of attributes do not overflow.
    static var limit: Int { 1 << 46 }

    package static func atLeast(_ bound: Int) -> AttributeRule {
        AttributeRule("an integer from \(bound) to 2⁴⁶") { (bound...limit).contains($0) }
    }

    /// An axis counted from the front.
    package static var axis: AttributeRule { atLeast(0) }
}

extension AttributeRule<[Int]> {
    package static func each(atLeast bound: Int) -> AttributeRule {
        AttributeRule("a list of integers from \(bound) to 2⁴⁶") {
            $0.allSatisfy((bound...AttributeRule<Int>.limit).contains)
        }
    }

    /// Some axes, counted from the front and in order.
    package static var axes: AttributeRule {
        AttributeRule("a list of one or more axes, from 0 on and in rising order") { axes in
            axes.first.map { $0 >= 0 } == true && zip(axes, axes.dropFirst()).allSatisfy(<)
        }
    }

    /// Every axis once.
    package static var permutation: AttributeRule {
        AttributeRule("a list in which every axis from 0 on is once") {
            $0.sorted() == Array($0.indices)
        }
    }
}

extension AttributeRule<Shape> {
    /// A shape that a tensor can have.
    package static var possible: AttributeRule {
        AttributeRule("a shape without negative dimensions, of at most 2⁴⁶ elements") {
            $0.isPossible
        }
    }
}

extension AttributeRule<Float> {
    package static var nonnegative: AttributeRule {
        AttributeRule("a finite number of at least 0") { $0 >= 0 && $0.isFinite }
    }

    package static func within(_ range: Range<Float>) -> AttributeRule {
        AttributeRule("a number from \(range.lowerBound) to below \(range.upperBound)") {
            range.contains($0)
        }
    }
}
