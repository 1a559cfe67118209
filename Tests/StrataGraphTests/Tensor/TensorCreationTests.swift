import StrataGraph
import Testing

@Suite struct TensorCreationTests {
    @Test func `nested literals and arrays give the shape that they show`() {
        let matrix: Tensor = [[1, 2], [3, 4]]
        #expect(matrix.shape == [2, 2] && matrix.dtype == .float32)
        #expect(matrix == Tensor([1, 2, 3, 4], shape: [2, 2]))
        #expect(Tensor([[1, 2], [3, 4]]) == matrix)
        #expect(Tensor([[[1.0]]]).shape == [1, 1, 1])
        #expect(Tensor([[[[1], [2]]]]).shape == [1, 1, 2, 1])
        #expect(Tensor([[[[[1.5]]]]]).shape == [1, 1, 1, 1, 1])
        let mask: Tensor = [[true, false]]
        #expect(mask == Tensor([true, false], shape: [1, 2]))
        let empty: Tensor = []
        #expect(empty.shape == [0])
        #expect(Tensor([[], []] as [[Double]]).shape == [2, 0])
    }

    @Test func `arrays keep their type`() {
        let doubles = [0.5, 1.5]
        let whole = [1, 2, 3, 4]
        #expect(Tensor(doubles) == Tensor([0.5, 1.5]))
        #expect(Tensor(whole, shape: [2, 2]) == Tensor([1, 2, 3, 4] as [Int32], shape: [2, 2]))
        #expect(Tensor([whole, whole]).dtype == .int32)
        #expect(Tensor([[1, 2]] as [[UInt8]]).dtype == .uint8)
        #expect(Tensor([[true]]).dtype == .bool)
        #expect(Tensor([3_000_000_000]).dtype == .float32)
        #expect(Tensor([1, 3_000_000_000] as [Int]).scalars == [1, 3e9])
        #expect(Tensor(5).dtype == .float32)
        let (count, rate) = (5, 0.25)
        #expect(Tensor(count) == Tensor([5] as [Int32], shape: []))
        #expect(Tensor(rate) == Tensor(0.25))
    }

    @Test func `a tensor becomes an array or a number`() {
        let x = Tensor([[1.5, -2.5], [300, .nan]])
        #expect([Float](x)[..<3] == [1.5, -2.5, 300])
        #expect([Double](x)[2] == 300)
        #expect([Int](x) == [1, -2, 300, 0])
        #expect([Int32](x) == [1, -2, 300, 0])
        #expect([UInt8](x) == [1, 0, 255, 0])
        #expect([Bool](x) == [true, true, true, true])
        #expect(x[0, 0].item() == 1.5)
        #expect(Int(x[1, 0]) == 300 && Float(x[0, 1]) == -2.5 && Bool(x[0, 0]))
        #expect([Double](Tensor([16_777_217] as [Int32])) == [16_777_217])
    }

    @Test func `rows and ranges of numbers`() throws {
        #expect(Tensor.ones([2], dtype: .int32) == Tensor([1, 1] as [Int32]))
        #expect(try Tensor.arange(3) == Tensor([0, 1, 2] as [Int32]))
        #expect(try Tensor.arange(5, 0, step: -2) == Tensor([5, 3, 1] as [Int32]))
        #expect(try Tensor.arange(-1).count == 0)
        #expect(try Tensor.linspace(0, 1, num: 5) == [0, 0.25, 0.5, 0.75, 1])
        #expect(try Tensor.linspace(2, 3, num: 1) == [2])
        #expect(throws: GraphError.self) { try Tensor.arange(0, 5, step: 0) }
        #expect(throws: GraphError.self) { try Tensor.arange(1 << 40) }
        #expect(throws: GraphError.self) { try Tensor.linspace(0, 1, num: -1) }
    }

    @Test func `comparisons and choices, element by element`() {
        let x = Tensor([1, .nan, 3])
        #expect((x .< 2) == Tensor([true, false, false]))
        #expect((x .== x) == Tensor([true, false, true]))
        #expect((x .!= x) == Tensor([false, true, false]))
        #expect((1 .<= x) == Tensor([true, false, true]))
        #expect((x .>= [[3], [0]]) == [[false, false, true], [true, false, true]])
        #expect((.!(x .> 1) .& (x .== x)) == Tensor([true, false, false]))
        #expect(((x .== 1) .| (x .== 3)) == Tensor([true, false, true]))
        #expect((Tensor([255] as [UInt8]) .> -1) == Tensor([true]))
        #expect((Tensor([16_777_217] as [Int32]) .== 16_777_216) == Tensor([false]))
        #expect((x .> 1).select(x, 0) == [0, 0, 3])
        #expect((x .== x).select(Tensor([[1, 2, 3], [4, 5, 6]]), -x) != x)
        #expect(Tensor([true, false]).select([1, 2], [[3], [4]]) == [[1, 3], [1, 4]])
    }

    @Test func `equal but for rounding`() {
        let x = Tensor([1, 2, .infinity])
        #expect(x.allClose(Tensor([1.000_001, 2, .infinity])))
        #expect(!x.allClose(Tensor([1.001, 2, .infinity])))
        #expect(x.allClose(Tensor([1.001, 2, .infinity]), relativeTolerance: 0.01))
        #expect(!x.allClose(Tensor([1, 2])))
        #expect(!Tensor(1).allClose(Tensor(.infinity)))
        #expect(!Tensor(.nan).allClose(Tensor(.nan)))
        #expect(Tensor(.nan).allClose(Tensor(.nan), equalNaN: true))
        #expect(Tensor(repeating: 2, shape: [3]).allClose(Tensor(2)))
    }
}
