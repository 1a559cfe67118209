import StrataGraph
import Testing

@Suite struct TensorArithmeticTests {
    @Test func `numbers of any type stand on either side`() {
        let x = Tensor([1, 2, 4])
        let (whole, real, half) = (2, 0.5, Float(0.25))
        #expect(x / 255 - 0.5 == Tensor([1 / 255 - 0.5, 2 / 255 - 0.5, 4 / 255 - 0.5]))
        #expect(2 * x + x == [3, 6, 12])
        #expect(whole * x == [2, 4, 8])
        #expect(x * real == [0.5, 1, 2])
        #expect(half * x - 1 == [-0.75, -0.5, 0])
        #expect(1 / x == [1, 0.5, 0.25])
        #expect(-x + real == [-0.5, -1.5, -3.5])
        var y = x
        y += 1
        y -= x
        y *= whole
        y /= 4
        #expect(y == [0.5, 0.5, 0.5])
    }

    @Test func `shapes broadcast as in NumPy`() {
        let column: Tensor = [[1], [2]]
        let row: Tensor = [[10, 20, 30]]
        #expect(column + row == [[11, 21, 31], [12, 22, 32]])
        #expect(Tensor([1, 2, 3]) * column == [[1, 2, 3], [2, 4, 6]])
        #expect(Tensor(3) - column == [[2], [1]])
        #expect((Tensor.zeros([0, 3]) + row).shape == [0, 3])
        #expect((Tensor.zeros([2, 1, 3]) + Tensor.zeros([4, 1])).shape == [2, 4, 3])
    }

    @Test(arguments: [
        (DType.uint8, DType.uint8, DType.uint8), (.uint8, .int32, .int32), (.bool, .bool, .int32),
        (.bool, .uint8, .uint8), (.int32, .float32, .float32), (.uint8, .bfloat16, .bfloat16),
        (.bfloat16, .float32, .float32), (.int32, .int32, .int32),
    ])
    func `the wider type wins, and quotients have fractions`(a: DType, b: DType, sum: DType) {
        let (x, y) = (Tensor.ones([2], dtype: a), Tensor.ones([2], dtype: b))
        for (x, y) in [(x, y), (y, x)] {
            #expect((x + y).dtype == sum)
            #expect((x - y).dtype == sum)
            #expect((x * y).dtype == sum)
            #expect((x / y).dtype == (sum.isFloatingPoint ? sum : .float32))
            #expect((x .== y).dtype == .bool)
        }
        #expect((x + y).scalars == [2, 2])
    }

    @Test func `a number leaves the type alone unless a value would be lost`() {
        let bytes = Tensor([250, 5] as [UInt8])
        #expect(bytes / 255 == Tensor([250 / 255, 5 / 255]))
        #expect(255 - bytes == Tensor([5, 250] as [UInt8]))
        #expect(bytes + 10 == Tensor([4, 15] as [UInt8]))
        #expect(bytes + 300 == Tensor([550, 305] as [Int32]))
        #expect(bytes - (-1) == Tensor([251, 6] as [Int32]))
        #expect(-bytes == Tensor([-250, -5] as [Int32]))
        #expect(bytes * 0.5 == Tensor([125, 2.5]))
        #expect((Tensor([1] as [Int32]) + 3_000_000_000).dtype == .float32)
        #expect((Tensor([1] as [Int32]) + 1).dtype == .int32)
        #expect((Tensor([true]) + 1) == Tensor([2] as [Int32]))
        #expect((Tensor([1]).cast(to: .bfloat16) * 2.5).dtype == .bfloat16)
    }

    @Test func `whole numbers wrap around, and division by 0 is as in IEEE 754`() {
        let largest = Tensor([.max, .min] as [Int32])
        #expect(largest + 1 == Tensor([.min, .min + 1] as [Int32]))
        #expect(largest * 2 == Tensor([-2, 0] as [Int32]))
        #expect(largest - 1 == Tensor([.max - 1, .max] as [Int32]))
        #expect((-largest)[1] == Tensor([.min] as [Int32])[0])
        #expect(largest.absolute() == Tensor([.max, .min] as [Int32]))
        let quotients = [Float](Tensor([1, -1, 0] as [Int32]) / 0)
        #expect(quotients[0] == .infinity && quotients[1] == -.infinity && quotients[2].isNaN)
    }

    @Test func `shapes that do not broadcast end the process with both of them`() async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Tensor.zeros([2, 3]) + Tensor.zeros([4])
        }
        let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(said.contains("shapes [2, 3] and [4] do not broadcast"))
    }

    @Test func `functions of each element`() {
        let x = Tensor([-4, 0, 9])
        #expect(x.absolute() == [4, 0, 9])
        #expect(x.square() == [16, 0, 81])
        #expect(x.absolute().sqrt() == [2, 0, 3])
        #expect(x.clipped(-1, 2.5) == [-1, 0, 2.5])
        #expect(x.maximum(1) == [1, 1, 9])
        #expect(x.minimum(Tensor([0, 0, 10])) == [-4, 0, 9])
        let values = [Float](Tensor([.nan, 1]).maximum(Tensor([1, .nan])))
        #expect(values[0].isNaN && values[1].isNaN)
    }
}
