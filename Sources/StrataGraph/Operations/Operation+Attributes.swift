extension Operation {
    /// An operation by its name and attributes.
    ///
    /// ```text
    /// Operation(name: "softmax", attributes: ["axis": .int(1)])
    /// ```
    ///
    /// - Throws: a ``GraphError`` with the operation, the attribute, the given and the valid
    ///   values, if the operation is unknown, or an attribute is unknown, missing, of another type
    ///   or out of range. Inputs are checked when the operation is called.
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

    /// The names of those that are called with inputs: all but the leaves of a graph, sorted.
    package static var callNames: [String] {
        let leaves =
            InputLeaf.prototypes.map(\.name) + VariableLeaf.prototypes.map(\.name)
            + ConstantLeaf.prototypes.map(\.name)
        return names.filter { !leaves.contains($0) }
    }

    /// The unique name of this operation.
    package var name: String { attributed.name }

    /// The attributes that distinguish operations of this name.
    package var attributes: [String: AttributeValue] { attributed.attributeValues }

    var attributed: any Attributed {
        if case .input(let name) = self { return InputLeaf(inputName: name) }
        if case .variable(let variable) = self { return VariableLeaf(variable: variable) }
        if case .constant(let value) = self { return ConstantLeaf(value: value) }
        // Operations without a definition are the three above.
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

/// The prototypes of operations by name.
struct OperationMaker: Sendable {
    let name: String
    let make: @Sendable ([String: AttributeValue]) throws(GraphError.Problem) -> Operation
}
