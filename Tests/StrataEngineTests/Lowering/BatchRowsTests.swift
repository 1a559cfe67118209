import StrataEngine
import StrataGraph
import StrataTestSupport
import Testing

/// Rows of a batch draw what they draw in the whole batch, to the bit.
@Suite struct BatchRowsTests {
    private static let step = SymbolicTensor.constant(Tensor([Int32(3)], shape: []))

    private static func dropout(
        _ x: SymbolicTensor, _ rows: [SymbolicTensor], rate: Float = 0.5, key: UInt64 = 11
    ) -> SymbolicTensor {
        SymbolicTensor.applying(.dropout(Dropout(rate: rate, key: key)), [x, step] + rows)[0]
    }

    /// All that draws, for `count` rows; with the index of the first one, or of a whole batch.
    private static func outputs(
        _ count: Int, _ row: [Int], _ dtype: DType, _ rows: [SymbolicTensor]
    ) -> [SymbolicTensor] {
        let shape = [count] + row, size = row.reduce(1, *)
        let x = SymbolicTensor.input("x", Shape(shape)).cast(to: dtype)
        let flat = SymbolicTensor.input("flat", [count * size]).cast(to: dtype)
        let random = SymbolicTensor.applying(
            .randomUniform(RandomUniform(shape: shape, key: 5)), [step] + rows)[0]
        let fused = (dropout((x + 1) * 0.5, rows).relu() * 3 - random.cast(to: dtype)) * x
        let rectified = dropout(x.relu(), rows, key: 12)
        let loss =
            (dropout(x.square(), rows, key: 13) * x).sum() + rectified.square().sum()
        let gradient = loss.gradients(withRespectTo: [x])[0]
        // The rows are axis 0 of what is dropped, and of nothing in memory.
        let merged = dropout(flat.reshaped(Shape(shape)), rows, key: 14)
        let mergedGradient = (merged * merged).sum().gradients(withRespectTo: [flat])[0]
        let later = dropout(x.reshaped([count, size]), rows, key: 15)
        return [
            random, dropout(x, rows), dropout(x, rows, rate: 0.3), fused, rectified, gradient,
            merged, mergedGradient.reshaped(Shape(shape)), later,
        ]
    }

    private static func executable(
        _ count: Int, _ row: [Int], _ dtype: DType, whole: Bool = false
    ) throws -> Executable {
        let first = SymbolicTensor.input("first", [], dtype: .int32)
        let outputs = outputs(count, row, dtype, whole ? [] : [first])
        return try Executable(Plan(Graph(outputs: outputs.map { $0.cast(to: .float32) })))
    }

    /// The elements of each row of an executable's results.
    private static func rows(
        _ executable: Executable, _ values: [Double], _ row: [Int], _ range: Range<Int>
    ) throws -> [[[Float]]] {
        let size = row.reduce(1, *)
        let own = Array(values[range.lowerBound * size..<range.upperBound * size])
        executable.fill([
            "x": ReferenceTensor(own, shape: [range.count] + row),
            "flat": ReferenceTensor(own, shape: [own.count]),
            "first": ReferenceTensor([Double(range.lowerBound)], shape: []),
        ])
        try executable.run()
        return executable.results.map { result in
            let scalars = result.scalars
            return range.indices.map { place in
                let start = (place - range.lowerBound) * size
                return Array(scalars[start..<start + size])
            }
        }
    }

    private static func drawn(_ count: Int) -> [Double] {
        var generator = SplitMix(seed: 4)
        return (0..<count).map { _ in .random(in: -1...1, using: &generator) }
    }

    private func check(_ batch: Int, _ row: [Int], _ dtype: DType, counts: ClosedRange<Int>) throws
    {
        let values = Self.drawn(batch * row.reduce(1, *))
        let whole = try Self.rows(
            Self.executable(batch, row, dtype, whole: true), values, row, 0..<batch)
        for count in counts {
            let executable = try Self.executable(count, row, dtype)
            for first in 0...batch - count {
                let part = try Self.rows(executable, values, row, first..<first + count)
                for (output, (part, whole)) in zip(part, whole).enumerated() {
                    #expect(
                        part == Array(whole[first..<first + count]),
                        "output \(output), rows \(first) to \(first + count)")
                }
            }
        }
    }

    @Test(
        arguments: [1, 3, 5, 8], [[1], [3], [7], [28, 28], [10]])
    func `are the rows of the whole batch`(batch: Int, row: [Int]) throws {
        for dtype in [DType.float32, .bfloat16] {
            try check(batch, row, dtype, counts: 1...batch)
        }
    }

    @Test(arguments: [1, 2])
    func `are so on any number of threads`(threads: Int) throws {
        nonisolated(unsafe) var result: Result<Void, any Error>?
        onOtherThread(team: threads) {
            result = Result { try check(5, [3, 4099], .float32, counts: 2...2) }
        }
        try #require(result).get()
    }

    /// Whole numbers and a scale of 2, so that convolutions of any number of images give the same.
    @Test(arguments: [1, 3, 8, 16, 17, 48])
    func `are so in any layout`(channels: Int) throws {
        let (batch, row) = (5, [3, 5, 3])
        let size = row.reduce(1, *)
        var generator = SplitMix(seed: 8)
        func whole(_ count: Int) -> [Double] {
            (0..<count).map { _ in Double(Int.random(in: -3...3, using: &generator)) }
        }
        let (values, weights) = (whole(batch * size), whole(27 * channels))
        func run(_ range: Range<Int>, _ isWhole: Bool) throws -> [[Float]] {
            let x = SymbolicTensor.input("x", Shape([range.count] + row))
            let first = SymbolicTensor.input("first", [], dtype: .int32)
            let image = x.convolved(
                with: .input("kernel", Shape([3, 3, 3, channels])), padding: .same)
            let y = Self.dropout(image, isWhole ? [] : [first])
            let gradient = (y * y).sum().gradients(withRespectTo: [image])[0]
            let executable = try Executable(Plan(Graph(outputs: [y, gradient])))
            executable.fill([
                "x": ReferenceTensor(
                    Array(values[range.lowerBound * size..<range.upperBound * size]),
                    shape: [range.count] + row),
                "kernel": ReferenceTensor(weights, shape: [3, 3, 3, channels]),
                "first": ReferenceTensor([Double(range.lowerBound)], shape: []),
            ])
            try executable.run()
            return executable.results.map(\.scalars)
        }
        let all = try run(0..<batch, true)
        let rowCount = 15 * channels
        for range in [0..<2, 2..<5, 1..<2, 4..<5, 0..<5] {
            let expected = all.map {
                Array($0[range.lowerBound * rowCount..<range.upperBound * rowCount])
            }
            #expect(try run(range, false) == expected, "\(range)")
        }
    }

    /// 2³⁰ rows of 6 elements are more elements than 32 bits count.
    @Test func `are so far behind the first`() throws {
        let first = SymbolicTensor.constant(Tensor([Int32(1) << 30], shape: []))
        let x = SymbolicTensor.input("x", [3, 6])
        let random = SymbolicTensor.apply(
            .randomUniform(RandomUniform(shape: [3, 6], key: 5)), Self.step, first)
        let found = try differences(
            [Self.dropout(x, [first]), random],
            inputs: ["x": ReferenceTensor(Self.drawn(18), shape: [3, 6])])
        #expect(found.isEmpty, "\(found)")
    }
}
