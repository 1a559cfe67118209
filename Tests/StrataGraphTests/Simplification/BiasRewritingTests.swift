import StrataGraph
import Testing

/// Biases that are added behind a product, as Keras writes them.
@Suite struct BiasRewritingTests {
    private static let image = SymbolicTensor.input("x", [2, 6, 6, 3])
    private static let kernel = SymbolicTensor.input("k", [3, 3, 3, 4])
    private static let bias = SymbolicTensor.variable(
        Variable("bias", value: Tensor([1, 2, 3, 4] as [Float])))

    private static func names(_ outputs: SymbolicTensor...) throws -> [String] {
        try Graph(outputs: outputs).nodes.filter { !$0.inputs.isEmpty }.map(\.operation.name)
    }

    private static var product: SymbolicTensor { image.convolved(with: kernel) }

    static let sums: [(String, @Sendable () -> SymbolicTensor)] = [
        ("a vector", { product + bias }),
        ("a vector before the product", { bias + product }),
        ("a vector that is reshaped", { product + bias.reshaped([1, 1, 1, 4]) }),
        ("channels first", { product.transposed([0, 3, 1, 2]) + bias.reshaped([1, 4, 1, 1]) }),
        (
            "an inner product",
            {
                SymbolicTensor.input("r", [5, 7])
                    .multiplied(by: .input("w", [7, 4])) + bias
            }
        ),
        (
            "an inner product of more axes",
            {
                SymbolicTensor.input("r", [5, 2, 7])
                    .multiplied(by: .input("w", [7, 4])) + bias
            }
        ),
    ]

    @Test(arguments: sums.indices)
    func `the sum is a product with a bias`(number: Int) throws {
        let sum = Self.sums[number].1()
        #expect(sum.error == nil)
        let names = try Self.names(sum)
        #expect(!names.contains("add"), "\(Self.sums[number].0)")
        let gradients = sum.square().sum().gradients(withRespectTo: [Self.bias])
        let nodes = try Graph(outputs: gradients).nodes
        #expect(nodes.contains { $0.operation.role == .weightsGradient && $0.outputs.count == 2 })
        // That of the whole loss is the only reduction, which the gradient does not read.
        #expect(!nodes.contains { $0.operation.name == "reduction" })
    }

    static let others: [(String, @Sendable () -> SymbolicTensor)] = [
        ("a scalar", { product + 1 }),
        ("a tensor of the result's shape", { product + .input("y", [2, 4, 4, 4]) }),
        ("a vector along another axis", { product + bias.reshaped([1, 4, 1, 1]) }),
        ("a vector of another length", { product + .input("b", [1]) }),
        ("a computed vector", { product + bias.square() }),
        ("a vector of another type", { product + bias.cast(to: .bfloat16) }),
        ("a second bias", { product + bias + bias.reshaped([1, 1, 4]) }),
        ("a difference", { product - bias }),
        (
            "another product",
            { SymbolicTensor.input("a", [1, 2, 3]).matrixProduct(.input("b", [1, 3, 4])) + bias }
        ),
    ]

    @Test(arguments: others.indices)
    func `other sums stay`(number: Int) throws {
        let names = try Self.names(Self.others[number].1())
        #expect(names.contains("add") || names.contains("subtract"), "\(Self.others[number].0)")
    }
}
