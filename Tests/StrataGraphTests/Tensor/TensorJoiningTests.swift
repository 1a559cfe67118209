import StrataGraph
import Testing

@Suite struct TensorJoiningTests {
    @Test func `tensors are joined along any axis`() throws {
        let (a, b): (Tensor, Tensor) = ([[1, 2], [3, 4]], [[5, 6]])
        #expect(try Tensor.concatenated([a, b]) == [[1, 2], [3, 4], [5, 6]])
        #expect(try Tensor.concatenated([b, a], axis: -2) == [[5, 6], [1, 2], [3, 4]])
        let column = b.transposed()
        #expect(try Tensor.concatenated([a, column], axis: 1) == [[1, 2, 5], [3, 4, 6]])
        #expect(try Tensor.concatenated([column, a], axis: -1) == [[5, 1, 2], [6, 3, 4]])
        #expect(try Tensor.concatenated([a, Tensor.zeros([0, 2])]) == a)
    }

    @Test func `tensors are stacked along a new axis`() throws {
        let (a, b) = (Tensor([1, 2]), Tensor([3, 4]))
        #expect(try Tensor.stacked([a, b]) == [[1, 2], [3, 4]])
        #expect(try Tensor.stacked([a, b], axis: -1) == [[1, 3], [2, 4]])
        #expect(try Tensor.stacked([Tensor(1), Tensor(2)]) == [1, 2])
    }

    @Test func `the widest type wins`() throws {
        let bytes = Tensor([1, 2] as [UInt8])
        #expect(try Tensor.concatenated([bytes, Tensor([0.5])]) == [1, 2, 0.5])
        #expect(try Tensor.stacked([bytes, bytes]).dtype == .uint8)
        #expect(
            try Tensor.concatenated([Tensor([true]), Tensor([false])]) == Tensor([true, false]))
    }

    @Test func `what cannot be joined is an error with the shapes`() throws {
        let (a, b) = (Tensor.zeros([2, 2]), Tensor.zeros([1, 3]))
        let error = try #require(throws: GraphError.self) { try Tensor.concatenated([a, b]) }
        #expect(
            error.description == """
                shapes [2, 2], [1, 3] cannot be joined along axis 0
                  fix: make all dimensions but that axis equal
                """)
        #expect(throws: GraphError.self) { try Tensor.stacked([a, b]) }
        #expect(throws: GraphError.self) { try Tensor.concatenated([a], axis: 2) }
        #expect(throws: GraphError.self) { try Tensor.concatenated([]) }
        #expect(throws: GraphError.self) { try Tensor.stacked([]) }
        #expect(throws: GraphError.self) { try Tensor.concatenated([Tensor(1), Tensor(2)]) }
    }
}
