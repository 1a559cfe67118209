extension Operation {
    /// An operation by its name and attributes.
    ///
    /// ```text
    /// Operation(name: "softmax", attributes: ["axis": .int(1)])
    /// ```
    ///
    /// - Throws: a ``GraphError`` which names the operation, the attribute, what came and what is allowed:
    ///   where no operation has the name, or an attribute is unknown, missing, of another type or out of
    ///   range. Whether inputs fit is found when the operation is called.
    package init(name: String, attributes: [String: AttributeValue] = [:]) throws(GraphError) {
        do throws(GraphError.Problem) {
            guard let maker = Operation.makers[name] else {
                throw .unknownOperation(name, known: Operation.names)
            }
            self = try maker.make(attributes)
        } catch {
            throw GraphError(error)
        }
    }

    /// The names of all operations, sorted.
    package static var names: [String] { makers.keys.sorted() }

    /// The word for this operation, and for no other.
    package var name: String { attributed.name }

    /// All that tells operations of this name apart.
    package var attributes: [String: AttributeValue] { attributed.attributeValues }

    var attributed: any Attributed {
        if case .input(let name) = self { return InputLeaf(inputName: name) }
        if case .variable(let variable) = self { return VariableLeaf(variable: variable) }
        if case .constant(let value) = self { return ConstantLeaf(value: value) }
        // What has no definition is one of the three above.
        return definition ?? InputLeaf(inputName: "")
    }

    private static let makers = Dictionary(
        all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    static func makers<Value: Attributed>(_ wrap: @escaping @Sendable (Value) -> Operation)
        -> [OperationMaker]
    {
        Value.prototypes.map { prototype in
            OperationMaker(name: prototype.name) { attributes throws(GraphError.Problem) in
                wrap(try prototype.with(attributes))
            }
        }
    }
}

/// What makes the operations of a name.
struct OperationMaker: Sendable {
    let name: String
    let make: @Sendable ([String: AttributeValue]) throws(GraphError.Problem) -> Operation
}
