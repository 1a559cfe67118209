internal import StrataGraph

extension KerasOperations {
    /// Products of tensors that are summed up.
    static let products: Table = [
        "Matmul": { try $0.multiplied { Ops.matmul($0, $1) } },
        "Dot": { try $0.multiplied(dot) },
        "Einsum": { a in
            let equation = try a.configuration.string("subscripts")
            guard a.positional.count == 2 else {
                throw GraphError.Problem.invalidArgument(
                    "einsum of \(a.positional.count) tensors", fix: "give it two")
            }
            return try a.multiplied { $0.einsum(equation, $1) }
        },
        "Tensordot": { try $0.tensordot() },
    ]

    /// NumPy's `dot`: over the last axis of the first, and the last but one of the second tensor.
    private static func dot(_ a: SymbolicTensor, _ b: SymbolicTensor) -> SymbolicTensor {
        if a.rank == 0 || b.rank == 0 { return a * b }
        if b.rank == 2, a.rank >= 2 { return a.multiplied(by: b) }
        let letters = "abcdefghijklmnopqrstuvwxyz"
        let left = letters.prefix(a.rank - 1)
        let rest = letters.dropFirst(a.rank - 1).prefix(b.rank - 1)
        let right = b.rank == 1 ? "z" : rest.dropLast() + "z" + rest.suffix(1)
        return a.einsum("\(left)z,\(right)->\(left)\(rest)", b)
    }
}

extension OperationArguments {
    /// A product of two tensors, in which numbers have a fraction.
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
        let (a, b) = try pair()
        let left: [Int]
        let right: [Int]
        if case .array(let items)? = configuration.value("axes"), items.count == 2 {
            let members = ["left": items[0], "right": items[1]]
            let reader = Configuration(members, path: configuration.path("axes"))
            left = try Axes(try reader.ints("left")).places(in: a.shape)
            right = try Axes(try reader.ints("right")).places(in: b.shape)
        } else {
            let count = try int("axes", default: 2)
            guard count >= 0, count <= min(a.rank, b.rank) else {
                throw GraphError.Problem.invalidArgument(
                    "tensordot over \(count) axes of \(a.shape) and \(b.shape)",
                    fix: "use as many as both have at most")
            }
            left = Array(a.rank - count..<a.rank)
            right = Array(0..<count)
        }
        guard left.count == right.count, a.rank + b.rank <= 20 else {
            throw GraphError.Problem.invalidArgument(
                "tensordot over axes \(left) and \(right)", fix: "name as many of both")
        }
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let first = Array(letters.prefix(a.rank))
        var second = Array(letters.dropFirst(a.rank).prefix(b.rank))
        for (from, to) in zip(left, right) { second[to] = first[from] }
        let result =
            first.indices.filter { !left.contains($0) }.map { first[$0] }
            + second.indices.filter { !right.contains($0) }.map { second[$0] }
        let equation = "\(String(first)),\(String(second))->\(String(result))"
        return try binary { $0.einsum(equation, $1) }
    }
}
