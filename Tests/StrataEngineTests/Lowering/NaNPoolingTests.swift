import StrataGraph
import StrataTestSupport
import Testing

@testable import StrataEngine

/// Maxima of windows that hold a NaN: NaN, whatever the window and the layout of the image.
@Suite struct NaNPoolingTests {
    /// A row of values, a window, and what JAX 0.10's `reduce_window` and its gradient make of them, the gradient
    /// of the results' sum with the weights 1, 2, ….
    struct Row: Sendable, CustomStringConvertible {
        let values: [Float]
        let size, strides: Int
        var padding = Padding.valid
        let maxima: [Float]
        var gradient: [Float]?

        var description: String { "\(values), \(size) by \(strides), \(padding)" }
    }

    private static let nan = Float.nan
    private static let short: [Float] = [nan, 1, 2, nan]
    private static let long: [Float] = [
        1, nan, 3, nan, 2, 5, -.infinity, -.infinity, -.infinity, 0,
    ]

    static let rows = [
        Row(values: short, size: 2, strides: 1, maxima: [nan, 2, nan], gradient: [0, 1, 2, 3]),
        Row(values: short, size: 2, strides: 2, maxima: [nan, nan], gradient: [0, 1, 0, 2]),
        Row(values: short, size: 2, strides: 3, maxima: [nan], gradient: [0, 1, 0, 0]),
        Row(values: short, size: 2, strides: 1, padding: .same, maxima: [nan, 2, nan, nan]),
        Row(values: short, size: 2, strides: 3, padding: .same, maxima: [nan, nan]),
        Row(
            values: long, size: 3, strides: 1,
            maxima: [nan, nan, nan, nan, 5, 5, -.infinity, 0],
            gradient: [0, 0, 1, 2, 3, 15, 7, 0, 0, 8]),
        Row(
            values: long, size: 3, strides: 2, maxima: [nan, nan, 5, -.infinity],
            gradient: [0, 0, 1, 0, 2, 3, 4, 0, 0, 0]),
        Row(
            values: long, size: 2, strides: 2, maxima: [nan, nan, 5, -.infinity, 0],
            gradient: [0, 1, 0, 2, 0, 3, 4, 0, 0, 5]),
        Row(
            values: long, size: 3, strides: 3, maxima: [nan, nan, -.infinity],
            gradient: [0, 0, 1, 0, 0, 2, 3, 0, 0, 0]),
        Row(
            values: long, size: 5, strides: 1, maxima: [nan, nan, nan, nan, 5, 5],
            gradient: [0, 0, 0, 0, 1, 20, 0, 0, 0, 0]),
    ]

    /// Where the row lies in an image, and what is between it and the pooling.
    struct Setting: Sendable, CustomStringConvertible {
        /// The spatial axes, and which of them the row lies along.
        let rank, axis: Int
        let channels: Int
        let dtype: DType
        /// Whether the image comes out of a convolution, in the layout that this likes, or of a normalization.
        let isConvolved, isScaled: Bool

        var description: String {
            "axis \(axis) of \(rank), \(channels) channels in \(dtype)"
                + (isConvolved ? ", convolved" : "") + (isScaled ? ", scaled" : "")
        }
    }

    static let settings: [Setting] = {
        var all: [Setting] = []
        for axes in [(1, 0), (2, 1)] {
            for channels in [1, 3, 16, 40] { all.append(setting(axes, channels)) }
            for channels in [1, 8, 16] { all.append(setting(axes, channels, isConvolved: true)) }
            all.append(setting(axes, 40, isScaled: true))
            all.append(setting(axes, 16, .bfloat16))
        }
        for axes in [(2, 0), (3, 0), (3, 1), (3, 2)] {
            all.append(setting(axes, 8))
            all.append(setting(axes, 16, isConvolved: true))
        }
        return all
    }()

    private static func setting(
        _ axes: (rank: Int, axis: Int), _ channels: Int, _ dtype: DType = .float32,
        isConvolved: Bool = false, isScaled: Bool = false
    ) -> Setting {
        Setting(
            rank: axes.rank, axis: axes.axis, channels: channels, dtype: dtype,
            isConvolved: isConvolved, isScaled: isScaled)
    }

    /// The image with the row in each of its channels, and its maxima.
    private static func traced(_ row: Row, _ setting: Setting)
        -> (x: SymbolicTensor, image: SymbolicTensor, maxima: SymbolicTensor)
    {
        func axes(_ length: Int) -> [Int] {
            (0..<setting.rank).map { $0 == setting.axis ? length : 1 }
        }
        let x = SymbolicTensor.input("x", Shape([1] + axes(row.values.count) + [1]))
        let ones = Array(repeating: 1, count: setting.rank) + [1, setting.channels]
        var image = x.cast(to: setting.dtype)
        if setting.isConvolved {
            image = image.convolved(with: .constant(Tensor(repeating: 1, shape: ones)))
        } else {
            let zeros = Array(repeating: 1, count: setting.rank + 1) + [setting.channels]
            image = image + SymbolicTensor.constant(.zeros(zeros)).cast(to: setting.dtype)
        }
        if setting.isScaled {
            let one = Variable("one", value: Tensor(repeating: 1, shape: [setting.channels]))
            let zero = Variable("zero", value: .zeros([setting.channels]))
            image = image * .variable(one) + .variable(zero)
        }
        return (
            x, image,
            image.maxPooled(axes(row.size), strides: axes(row.strides), padding: row.padding)
        )
    }

    private static func run(_ outputs: [SymbolicTensor], _ row: Row) throws -> [Tensor] {
        let executable = try Executable(Plan(Graph(outputs: outputs)))
        executable.fill([
            "x": ReferenceTensor(row.values.map(Double.init), shape: [row.values.count])
        ])
        try executable.run()
        return executable.results
    }

    private static func isSame(_ tensor: Tensor, _ expected: [Float], _ channels: Int) -> Bool {
        tensor.scalars.count == expected.count * channels
            && tensor.scalars.enumerated().allSatisfy { index, value in
                let wanted = expected[index / channels]
                return value == wanted || value.isNaN && wanted.isNaN
            }
    }

    @Test(arguments: rows, settings)
    func `a maximum with a NaN in its window is NaN`(row: Row, setting: Setting) throws {
        let (_, image, maxima) = Self.traced(row, setting)
        let predicted = try Self.run([maxima.cast(to: .float32)], row)[0]
        #expect(Self.isSame(predicted, row.maxima, setting.channels), "\(predicted.scalars)")

        let count = row.maxima.count
        let shape = (0..<setting.rank).map { $0 == setting.axis ? count : 1 }
        let weights = Tensor((1...count).map(Float.init), shape: [1] + shape + [1])
        let sum = (maxima.cast(to: .float32) * .constant(weights)).sum()
        let gradient = sum.gradients(withRespectTo: [image])[0]
        let trained = try Self.run([maxima.cast(to: .float32), gradient.cast(to: .float32)], row)
        #expect(Self.isSame(trained[0], row.maxima, setting.channels), "\(trained[0].scalars)")
        if let expected = row.gradient {
            #expect(Self.isSame(trained[1], expected, setting.channels), "\(trained[1].scalars)")
        }
    }

    /// More pixels than a byte can number.
    @Test(arguments: [1, 5, 16], [Float.nan, 7])
    func `a maximum over 400 pixels`(channels: Int, greatest: Float) throws {
        var values = (0..<400 * channels).map { _ in Float(1) }
        for channel in 0..<channels { values[300 * channels + channel] = greatest }
        let x = SymbolicTensor.input("x", [1, 20, 20, channels])
        let maxima = SymbolicTensor.apply(.pooling(Pooling(kind: .maximum, window: nil)), x)
        let executable = try Executable(
            Plan(Graph(outputs: [maxima] + maxima.sum().gradients(withRespectTo: [x]))))
        executable.fill([
            "x": ReferenceTensor(values.map(Double.init), shape: [1, 20, 20, channels])
        ])
        try executable.run()
        #expect(Self.isSame(executable.results[0], [greatest], channels))
        // From a NaN on, each pixel is chosen anew, as in JAX.
        let chosen = greatest.isNaN ? 301 : 300
        let expected = (0..<400).map { Float($0 == chosen ? 1 : 0) }
        #expect(Self.isSame(executable.results[1], expected, channels))
    }

    private static let placed: [(row: [Float], place: Int)] = [
        ([nan, 1, 2], 0), ([1, nan, 2], 1), ([1, 2, nan], 2), ([nan, nan, 1], 0),
        ([-.infinity, -.infinity], 0), ([.infinity, 1, .infinity], 0), ([2, 3, 3], 1),
    ]

    @Test(arguments: placed)
    func `the place of the first NaN is that of the greatest`(row: [Float], place: Int) throws {
        let x = SymbolicTensor.input("x", [row.count])
        let executable = try Executable(
            Plan(Graph(outputs: [x.argMax(axis: 0)])))
        executable.fill(["x": ReferenceTensor(row.map(Double.init), shape: [row.count])])
        try executable.run()
        #expect(executable.results[0].integers == [place])
    }
}
