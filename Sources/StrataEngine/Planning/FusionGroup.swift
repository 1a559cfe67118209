internal import StrataGraph

/// Nodes that run as one step.
enum FusionGroup {
    /// A node, and the operations that its primitive or kernel computes too.
    case primitive(Int, FusedOperations)
    /// Elementwise nodes of one shape.
    case elementwise([Int])

    var nodes: [Int] {
        switch self {
        case .primitive(let node, let fused): [node] + fused.nodes
        case .elementwise(let nodes): nodes
        }
    }
}

/// The operations that are fused with a primitive: a prologue on its operand, and an epilogue on its result.
struct FusedOperations {
    /// An image of which each channel is multiplied by a value, to which another is added.
    struct Scaling {
        var nodes: [Int]
        var image, scale, shift: Graph.Value
    }

    /// A product with the derivative of an activation, computed from the activation's result.
    struct Derivative {
        var nodes: [Int]
        var function: Activation
        var result: Graph.Value
    }

    var prologue: Scaling?
    var addition: (node: Int, value: Graph.Value)?
    var activation: (node: Int, function: Activation)?
    var derivative: Derivative?

    var nodes: [Int] { (prologue?.nodes ?? []) + epilogue }

    private var epilogue: [Int] {
        [addition?.node, activation?.node].compactMap { $0 } + (derivative?.nodes ?? [])
    }

    /// The value that the last operation of the epilogue computes.
    var result: Graph.Value? { epilogue.last.map { Graph.Value(node: $0, output: 0) } }
}
