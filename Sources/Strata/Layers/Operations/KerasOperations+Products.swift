internal import StrataGraph

extension KerasOperations {
    /// Matrix and tensor products.
    static let products: Table = [
        "Matmul": { try $0.multiplied(Ops.matmul) },
        "Dot": { try $0.multiplied(Ops.dot) },
        "Einsum": { a in
            let equation = try a.configuration.string("subscripts")
            guard a.positional.count == 2 else {
                throw GraphError.Problem.invalidArgument(
                    "einsum of \(a.positional.count) tensors", fix: "give it two")
            }
            return try a.multiplied { $0.einsum(equation, $1) }
        },
        "Inner": { try $0.multiplied(Ops.inner) },
        "Outer": { try $0.multiplied(Ops.outer) },
        "Tensordot": { try $0.tensordot() },
    ]
}

extension OperationArguments {
    /// A floating-point product of two tensors.
    fileprivate func multiplied(
        _ body: (SymbolicTensor, SymbolicTensor) -> SymbolicTensor
    ) throws -> SymbolicTensor {
        let (a, b) = try pair()
        guard a.rank + b.rank <= 20 else {
            throw GraphError.Problem.wrongRank(got: a.shape, expected: "fewer axes")
        }
        return try binary(body)
    }

    fileprivate func tensordot() throws -> SymbolicTensor {
        guard case .array(let items)? = configuration.value("axes"), items.count == 2 else {
            let count = try int("axes", default: 2)
            return try multiplied { Ops.tensordot($0, $1, axes: count) }
        }
        let members = ["left": items[0], "right": items[1]]
        let reader = Configuration(members, path: configuration.path("axes"))
        let (left, right) = (Axes(try reader.ints("left")), Axes(try reader.ints("right")))
        return try multiplied { Ops.tensordot($0, $1, axes: left, right) }
    }
}
