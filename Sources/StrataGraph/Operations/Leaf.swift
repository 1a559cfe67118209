// The leaves of a graph.

/// An input.
struct InputLeaf: Attributed {
    static let prototypes = [InputLeaf(inputName: "")]
    static let attributes: [Attribute<InputLeaf>] = [.required("name", \.inputName)]
    var name: String { "input" }
    var inputName: String
}

/// The value of a variable at the start of a step.
struct VariableLeaf: Attributed {
    static let prototypes = [VariableLeaf(variable: Variable("", value: Tensor(0)))]
    static let attributes: [Attribute<VariableLeaf>] = [.required("variable", \.variable)]
    var name: String { "variable" }
    var variable: Variable
}

/// A value fixed when the graph is made.
struct ConstantLeaf: Attributed {
    static let prototypes = [ConstantLeaf(value: Tensor(0))]
    static let attributes: [Attribute<ConstantLeaf>] = [.required("value", \.value)]
    var name: String { "constant" }
    var value: Tensor
}
