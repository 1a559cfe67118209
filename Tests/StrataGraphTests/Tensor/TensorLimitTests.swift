import StrataGraph
import Testing

/// Huge sizes, and axes that do not exist, are errors before anything is allocated.
@Suite struct TensorLimitTests {
    /// 70 TB of `float32`: addressable, but in no machine.
    private static let huge = 1 << 44

    @Test func `what memory does not hold is an error`() throws {
        let error = try #require(throws: GraphError.self) {
            try Tensor(0).broadcast(to: [Self.huge])
        }
        #expect(error.description.hasPrefix("a tensor of shape [17592186044416] needs "))
        #expect(error.description.contains("of memory, where this machine has "))
        #expect(throws: GraphError.self) { try Tensor.linspace(0, 1, num: Self.huge) }
        #expect(throws: GraphError.self) { try Tensor([0, 1]).broadcast(to: [Self.huge, 2]) }
    }

    @Test func `arange counts steps in both directions`() throws {
        #expect(try Tensor.arange(0, 7, step: 3) == Tensor([0, 3, 6] as [Int32]))
        #expect(try Tensor.arange(7, 0, step: -3) == Tensor([7, 4, 1] as [Int32]))
        #expect(try Tensor.arange(0, 7, step: -1).count == 0)
        #expect(try Tensor.arange(0, 7, step: .max) == Tensor([0] as [Int32]))
        #expect(try Tensor.arange(7, 0, step: .min) == Tensor([7] as [Int32]))
    }

    @Test(arguments: ["zeros", "ones", "repeating"])
    func `initializers without throws end the process with the size`(_ name: String) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [name] in
            let shape = [1 << 44]
            _ =
                switch name {
                case "zeros": Tensor.zeros(shape, dtype: .int32)
                case "ones": Tensor.ones(shape)
                default: Tensor(repeating: 1, shape: shape)
                }
        }
        let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(said.contains("a tensor of shape [17592186044416] needs "))
    }

    @Test(
        arguments: [
            3, [3, 1], 0..<2, 0...1, 1..., ..<1, ...1, stride(from: 0, to: 3, by: 2),
            stride(from: 0, through: 3, by: 2), Tensor([true, false]), Tensor([1] as [Int32]),
        ] as [any TensorIndex & Sendable])
    func `an index of an axis that does not exist is an error`(_ index: any TensorIndex & Sendable)
    {
        for (axis, shape) in [(1, [4]), (-1, [4]), (0, []), (.max, [4, 4]), (0, [-1])] {
            let error = #expect(throws: GraphError.self) {
                try index.selection(ofAxis: axis, in: shape)
            }
            #expect(error?.description.hasPrefix("there is no axis \(axis) of a tensor") == true)
        }
    }

    @Test func `a shape knows no dimension of an axis that it does not have`() async throws {
        #expect(Shape([2, 3])[-3] == nil && Shape([])[0] == nil && Shape([2])[.min] == nil)
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var shape = Shape([2, 3])
            shape[-3] = 4
        }
        let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(said.contains("there is no axis -3 in the shape [2, 3]"))
    }

    @Test func `weights of a product that are no matrix are an error`() {
        for rows in [[nil, 3], [nil, 4, 3]] as [Shape] {
            for weights in [[], [3], [1, 3, 2]] as [Shape] {
                let product = SymbolicTensor.input("x", rows).multiplied(by: .input("w", weights))
                #expect(product.error?.description.contains("\(weights)") == true)
            }
        }
        let failed = SymbolicTensor.input("w", [2, 3]).reshaped([5])
        #expect(SymbolicTensor.input("x", [nil, 4, 3]).multiplied(by: failed).error != nil)
    }
}
