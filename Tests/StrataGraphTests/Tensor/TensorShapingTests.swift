import StrataGraph
import Testing

@Suite struct TensorShapingTests {
    @Test(arguments: [
        ([60, 28, 28], [-1, 28, 28, 1], [60, 28, 28, 1]), ([60, 28, 28], [60, -1], [60, 784]),
        ([2, 3], [3, 2], [3, 2]), ([2, 3], [-1], [6]), ([1], [], []), ([], [1, -1], [1, 1]),
        ([0, 3], [-1, 3], [0, 3]), ([0], [0, 1 << 40], [0, 1 << 40]), ([4], [4, -1], [4, 1]),
    ])
    func `a dimension of -1 is inferred`(from: [Int], to: [Int], result: [Int]) throws {
        #expect(try Tensor.zeros(from, dtype: .uint8).reshaped(to).shape == result)
    }

    @Test(arguments: [
        [-1, 28, 28, 3], [-1, -1], [7, -1], [5], [], [-2, 3], [-1, 0], [0, -1], [2, 3, 2],
        [1 << 40, 1 << 40], [.max, .max], [.min], [.max, 2], [-1, .max, .max],
    ])
    func `a shape of another size is an error with both shapes`(shape: [Int]) throws {
        let error = try #require(throws: GraphError.self) {
            try Tensor.zeros([2, 3]).reshaped(shape)
        }
        #expect(
            error.description == """
                [2, 3] cannot be reshaped to \(shape)
                  fix: keep the number of elements the same; one dimension may be -1
                """)
    }

    @Test func `flattening, turning and axes of 1 keep the elements`() throws {
        let x = try Tensor.arange(6).reshaped([2, 3])
        #expect(x.flattened() == Tensor([0, 1, 2, 3, 4, 5] as [Int32]))
        #expect(x.transposed() == Tensor([[0, 3], [1, 4], [2, 5]] as [[Int32]]))
        #expect(try x.transposed([1, 0]) == x.transposed())
        #expect(try x.transposed([-2, -1]) == x)
        #expect(try x.expandingDims(at: 0).shape == [1, 2, 3])
        #expect(try x.expandingDims(at: 1).shape == [2, 1, 3])
        #expect(try x.expandingDims(at: -1).shape == [2, 3, 1])
        #expect(try x.expandingDims(at: -3).squeezed(axis: 0) == x)
        #expect(Tensor.zeros([1, 3, 1]).squeezed().shape == [3])
        #expect(try Tensor.zeros([1, 3, 1]).squeezed(axis: [0, -1]).shape == [3])
    }

    @Test func `axes of rank 3 go where they are sent`() throws {
        let x = try Tensor.arange(24).reshaped([2, 3, 4])
        let turned = try x.transposed([2, 0, 1])
        #expect(turned.shape == [4, 2, 3])
        // numpy.arange(24).reshape(2, 3, 4).transpose(2, 0, 1)[1, 1] is [13, 17, 21].
        #expect(turned[1, 1] == Tensor([13, 17, 21] as [Int32]))
    }

    @Test func `broadcasting repeats axes of 1 and new ones`() throws {
        let row = Tensor([1, 2, 3])
        #expect(try row.broadcast(to: [2, 3]) == [[1, 2, 3], [1, 2, 3]])
        #expect(
            try row.expandingDims(at: 1).broadcast(to: [3, 2]) == [[1, 1], [2, 2], [3, 3]])
        #expect(throws: GraphError.self) { try row.broadcast(to: [3, 2]) }
        #expect(throws: GraphError.self) { try row.broadcast(to: [-1, 3]) }
        let error = try #require(throws: GraphError.self) { try row.broadcast(to: [1 << 60, 3]) }
        #expect(
            error.description == """
                no tensor has the shape [1152921504606846976, 3]
                  fix: use dimensions that are not negative, and fewer elements
                """)
    }

    @Test func `an axis that is not there is an error that names it`() {
        let x = Tensor.zeros([2, 3])
        func text(_ body: () throws(GraphError) -> Tensor) -> String? {
            do throws(GraphError) { _ = try body() } catch { return error.description }
            return nil
        }
        #expect(
            text { () throws(GraphError) in try x.expandingDims(at: 4) } == """
                [2, 3] cannot get a new axis at 4
                  fix: use 0 to 2, or -3 to -1
                """)
        #expect(
            text { () throws(GraphError) in try x.transposed([0]) } == """
                [0] is not a permutation of the axes of [2, 3]
                  fix: name each axis from 0 to 1 once
                """)
        #expect(
            text { () throws(GraphError) in try x.squeezed(axis: 1) } == """
                axis 1 of [2, 3] has the length 3, not 1
                  fix: squeeze axes of length 1
                """)
        #expect(
            text { () throws(GraphError) in try x.mean(axis: 2) } == """
                2 does not name different axes of a tensor of shape [2, 3]
                  fix: choose from 0 to 1, or from -2 to -1
                """)
        for axes in [[0, 0], [1, -1], [0, 2], [.min], [.max]] {
            #expect(throws: GraphError.self) { try x.sum(axis: axes) }
            #expect(throws: GraphError.self) { try x.transposed(axes) }
        }
    }
}
