import StrataGraph
import Testing

/// Expected values are NumPy's of `numpy.arange(24).reshape(2, 3, 4)`.
@Suite struct TensorIndexingTests {
    private let x: Tensor

    init() throws { x = try Tensor.arange(24).reshaped([2, 3, 4]) }

    private func expect(
        _ part: Tensor, _ shape: [Int], _ elements: [Int],
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(part.shape == shape, sourceLocation: location)
        #expect([Int](part) == elements, sourceLocation: location)
    }

    @Test func `a position takes its axis away, from the end where negative`() {
        expect(x[1], [3, 4], Array(12..<24))
        expect(x[-1, -1], [4], [20, 21, 22, 23])
        expect(x[0, 1, 2], [], [6])
        expect(x[..., 0], [2, 3], [0, 4, 8, 12, 16, 20])
        expect(x[1, ..., -1], [3], [15, 19, 23])
        expect(x[...], [2, 3, 4], Array(0..<24))
        expect(x[0, ...], [3, 4], Array(0..<12))
        expect(x[..., 1, 0], [2], [4, 16])
    }

    @Test func `ranges keep their axis, and what is outside is left out`() {
        expect(x[0..<1], [1, 3, 4], Array(0..<12))
        expect(x[0..., 1...2, 0], [2, 2], [4, 8, 16, 20])
        expect(x[1, ..<2, 2...], [2, 2], [14, 15, 18, 19])
        expect(x[..., (-2)...][0, 0], [2], [2, 3])
        expect(x[..., ..<(-3)][0, 0], [1], [0])
        expect(x[0, 0, ...(-2)], [3], [0, 1, 2])
        expect(x[0, 0, 1...100], [3], [1, 2, 3])
        expect(x[5..<9], [0, 3, 4], [])
        expect(x[0, 0, (-100)...], [4], [0, 1, 2, 3])
        expect(x[0, 0, ...Int.max], [4], [0, 1, 2, 3])
        expect(x[0, 0, Int.min..<Int.max], [4], [0, 1, 2, 3])
    }

    @Test func `strides, lists and masks choose positions`() {
        expect(x[0, 0, stride(from: 0, to: 4, by: 2)], [2], [0, 2])
        expect(x[0, 0, stride(from: 3, through: 0, by: -1)], [4], [3, 2, 1, 0])
        expect(x[0, 0, stride(from: 1, to: 100, by: 2)], [2], [1, 3])
        expect(x[0, [2, 0, -1], 0], [3], [8, 0, 8])
        expect(x[Tensor([1, 0, 1] as [Int32])][..., 0, 0], [3], [12, 0, 12])
        expect(x[Tensor([false, true])], [1, 3, 4], Array(12..<24))
        expect(x[x .> 20], [3], [21, 22, 23])
        expect(x[[]], [0, 3, 4], [])
    }

    @Test func `parts can be set, and the type stays`() {
        var y = x
        y[0, 0] = Tensor(7)
        expect(y[0], [3, 4], [7, 7, 7, 7] + Array(4..<12))
        y[..., 3] = Tensor([1.9, 2, 3])
        expect(y[..., 3], [2, 3], [1, 2, 3, 1, 2, 3])
        y[y .> 2] = Tensor(0)
        #expect([Int](y).max() == 2)
        y[[1], 0, 0...1] = Tensor([8, 9])
        expect(y[1, 0, ..<2], [2], [8, 9])
        #expect(y.dtype == .int32)
        #expect(x[0, 0, 0] == Tensor([0] as [Int32], shape: []))
    }

    @Test func `gathering takes slices of any axis`() throws {
        expect(try x.gathering([2, 2], axis: 1)[..., 0], [2, 2], [8, 8, 20, 20])
        expect(try x.gathering(Tensor([-1] as [Int32]))[0, 0], [4], [12, 13, 14, 15])
        expect(try x.gathering([]), [0, 3, 4], [])
        let error = try #require(throws: GraphError.self) { try x.gathering([0, 3], axis: 1) }
        #expect(
            error.description == """
                index 3 is outside of axis 1 of a tensor of shape [2, 3, 4]
                  fix: use 0 to 2, or -3 to -1
                """)
        #expect(throws: GraphError.self) { try x.gathering([.min]) }
        #expect(throws: GraphError.self) { try x.gathering([0], axis: 3) }
    }

    @Test(arguments: [
        ([9], "index 9 is outside of axis 0 of a tensor of shape [2, 3]"),
        ([-3], "index -3 is outside of axis 0 of a tensor of shape [2, 3]"),
        ([0, 0, 0], "3 indices were given for a tensor of shape [2, 3]"),
    ])
    func `a subscript outside of the tensor ends the process with the shape`(
        indices: [Int], sentence: String
    ) async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [indices] in
            let x = Tensor.zeros([2, 3])
            _ = indices.count == 1 ? x[indices[0]] : x[indices[0], indices[1], indices[2]]
        }
        let said = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(said.contains(sentence))
    }

    @Test func `a tensor is a sequence of its slices`() {
        #expect(x.map(\.shape) == [[3, 4], [3, 4]])
        var sums: [Int] = []
        for (label, image) in zip([10, 20], x) { sums.append(label + [Int](image).reduce(0, +)) }
        #expect(sums == [10 + 66, 20 + 210])
        #expect(Array(Tensor.zeros([0, 3])).isEmpty)
    }

    @Test func `the positions of true elements, for each axis`() {
        let wrong = Tensor([1, 2, 3, 4] as [Int32]) .!= Tensor([1, 0, 3, 0] as [UInt8])
        #expect(wrong == Tensor([false, true, false, true]))
        #expect(wrong.nonzero() == [Tensor([1, 3] as [Int32])])
        let found = (x .>= 22).nonzero()
        #expect(found.map { [Int]($0) } == [[1, 1], [2, 2], [2, 3]])
        #expect(Tensor.zeros([0]).nonzero() == [Tensor([] as [Int32])])
    }
}
