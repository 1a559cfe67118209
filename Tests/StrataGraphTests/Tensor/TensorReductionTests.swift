import StrataGraph
import Testing

@Suite struct TensorReductionTests {
    private let x: Tensor = [[[1, 5], [2, 6]], [[3, 7], [4, 9]]]

    @Test func `sums, means and extremes over axes`() throws {
        #expect(try x.sum() == Tensor(37))
        #expect(try x.sum(axis: 0) == [[4, 12], [6, 15]])
        #expect(try x.sum(axis: [0, 2]) == [16, 21])
        #expect(try x.sum(axis: [-1, 0]) == [16, 21])
        #expect(try x.mean(axis: 1) == [[1.5, 5.5], [3.5, 8]])
        #expect(try x.mean(axis: [1, 2], keepDimensions: true) == [[[3.5]], [[5.75]]])
        #expect(try x.max(axis: -1) == [[5, 6], [7, 9]])
        #expect(try x.min(axis: [0, 1]) == [1, 5])
        #expect(try x.max().item() == 9)
        #expect(try x.prod(axis: 0) == [[3, 35], [8, 54]])
        let axis = 1
        let axes = [0, 1]
        #expect(try x.sum(axis: axis).shape == [2, 2])
        #expect(try x.sum(axis: axes, keepDimensions: true).shape == [1, 1, 2])
        #expect(try x.sum(axis: []) == x)
    }

    @Test func `variance and deviation are of the population, as in NumPy`() throws {
        let y: Tensor = [[1, 3], [2, 8]]
        #expect(try y.var(axis: 1) == [1, 9])
        #expect(try y.std(axis: 1) == [1, 3])
        #expect(try y.var().item() == 7.25)
    }

    @Test func `a sum of many is not lost to rounding`() throws {
        #expect(try Tensor(repeating: 0.1, shape: [1 << 20]).mean() == Tensor(0.1))
        #expect(
            try Tensor(repeating: 1, shape: [1 << 25]).cast(to: .uint8).sum().item()
                == 33_554_432)
    }

    @Test func `whole numbers have whole sums, or an error`() throws {
        let bytes = Tensor([200, 100] as [UInt8])
        #expect(try bytes.sum() == Tensor([300] as [Int32], shape: []))
        #expect(try bytes.mean() == Tensor(150))
        #expect(try bytes.max() == Tensor([200] as [UInt8], shape: []))
        #expect(try Tensor([true, true]).sum() == Tensor([2] as [Int32], shape: []))
        #expect(try Tensor([true, false]).mean().item() == 0.5)
        let error = try #require(throws: GraphError.self) {
            try Tensor([.max, 1] as [Int32]).sum()
        }
        #expect(
            error.description == """
                the sum 2147483648.0 of int32 elements is beyond int32
                  fix: cast the elements to float32 first
                """)
        #expect(throws: GraphError.self) { try Tensor([65536, 65536] as [Int32]).prod() }
    }

    @Test func `whether any or all are true`() throws {
        let y = Tensor([[true, false], [true, true]])
        #expect(try y.any(axis: 0) == Tensor([true, true]))
        #expect(try y.all(axis: 1) == Tensor([false, true]))
        #expect(try Bool(y.any()) && !Bool(y.all()))
        #expect(try Bool(Tensor.zeros([0]).all()) && !Bool(Tensor.zeros([0]).any()))
        #expect(try Bool(Tensor([0, .nan]).any()))
    }

    // numpy.argmax([[1, nan, nan], [3, 3, 2], [-inf, -inf, -inf]], axis=1) is [1, 0, 0].
    @Test func `NaN is largest and smallest, and the first of equals wins`() throws {
        let y = Tensor(
            [1, .nan, .nan, 3, 3, 2, -.infinity, -.infinity, -.infinity], shape: [3, 3])
        #expect([Int](try y.argMax()) == [1, 0, 0])
        #expect([Int](try y.argMin()) == [1, 2, 0])
        #expect([Int](try y.argMax(axis: 0)) == [1, 0, 0])
        #expect([Int](try y.argMin(axis: 0)) == [2, 0, 0])
        for axis in [0, 1] {
            let (high, low) = ([Float](try y.max(axis: axis)), [Float](try y.min(axis: axis)))
            #expect(high.map(\.isNaN) == low.map(\.isNaN))
            #expect(high.map(\.isNaN) == (axis == 0 ? [false, true, true] : [true, false, false]))
        }
        #expect([Float](try y.sum())[0].isNaN)
        // As Float, both are 16777216.
        #expect(try Tensor([16_777_216, 16_777_217] as [Int32]).argMax().item() == 1)
        #expect(try Tensor([16_777_217] as [Int32]).max().item() == 16_777_217)
    }

    @Test func `an empty axis has no extreme, and a wrong one is an error`() throws {
        let error = try #require(throws: GraphError.self) { try Tensor.zeros([2, 0]).max() }
        #expect(
            error.description == """
                a tensor of shape [2, 0] has no largest element
                  fix: reduce axes that are not empty
                """)
        #expect(throws: GraphError.self) { try Tensor.zeros([2, 0]).argMax() }
        #expect(throws: GraphError.self) { try Tensor.zeros([2, 0]).min(axis: 1) }
        #expect(try Tensor.zeros([0, 2]).max(axis: 1).shape == [0])
        #expect(try Tensor.zeros([0, 2]).argMax().shape == [0])
        #expect(throws: GraphError.self) { try x.argMax(axis: 3) }
        #expect(throws: GraphError.self) { try x.argMin(axis: -4) }
        #expect(try Tensor(5).argMax().item() == 0)
    }

    @Test func `labels are counted`() throws {
        let y = Tensor([3, 0, 9, 3] as [UInt8])
        #expect(try Int(y.max() + 1) == 10)
        #expect(y.unique() == Tensor([0, 3, 9] as [UInt8]))
        #expect(y.unique().count == 3)
        let numbers = [Float](Tensor([2, .nan, -1, 2, .nan]).unique())
        #expect(numbers.count == 3 && numbers[0] == -1 && numbers[1] == 2 && numbers[2].isNaN)
        #expect(Tensor([true]).unique() == Tensor([true]))
    }
}
