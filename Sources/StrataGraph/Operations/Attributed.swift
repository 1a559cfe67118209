/// A value with a name and attributes: an operation's definition, or a leaf of a graph.
package protocol Attributed: Sendable {
    /// The unique name, in printed graphs and plans and for creation by name.
    var name: String { get }

    /// One value for each name, with the defaults of its attributes.
    static var prototypes: [Self] { get }

    /// In the order in which they are set.
    static var attributes: [Attribute<Self>] { get }
}

extension Attributed {
    package static var attributes: [Attribute<Self>] { [] }

    /// This prototype with attributes.
    ///
    /// - Throws: the problem of the first one that is unknown, missing, of another type or out of range.
    func with(_ given: [String: AttributeValue]) throws(GraphError.Problem) -> Self {
        let attributes = Self.attributes
        let known = attributes.map(\.name)
        if let unknown = given.keys.sorted().first(where: { !known.contains($0) }) {
            throw .unknownAttribute(unknown, operation: name, known: known)
        }
        var result = self
        for attribute in attributes {
            guard let value = given[attribute.name] else {
                if attribute.isRequired {
                    throw .missingAttribute(
                        attribute.name, operation: name, allowed: attribute.allowed)
                }
                attribute.setDefault(&result)
                continue
            }
            guard attribute.set(&result, value) else {
                throw .invalidAttribute(
                    attribute.name, operation: name, got: "\(value)", allowed: attribute.allowed)
            }
        }
        try result.checkAttributes()
        return result
    }

    /// Throws the problem of the first attribute that is out of range.
    func checkAttributes() throws(GraphError.Problem) {
        for attribute in Self.attributes where !attribute.isAllowed(self) {
            let value = attribute.value(self).map(\.description) ?? "nothing"
            throw .invalidAttribute(
                attribute.name, operation: name, got: value, allowed: attribute.allowed)
        }
    }

    /// The attributes by name, without missing optional ones.
    var attributeValues: [String: AttributeValue] {
        var result: [String: AttributeValue] = [:]
        for attribute in Self.attributes { result[attribute.name] = attribute.value(self) }
        return result
    }
}
