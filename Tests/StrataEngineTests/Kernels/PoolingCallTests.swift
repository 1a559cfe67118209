import CKernels
import Testing

@testable import StrataEngine

/// Pooling and its gradient, called directly, against plain loops.
///
/// Values are small integers: sums are exact.
@Suite struct PoolingCallTests {
    struct Setting: Sendable, CustomStringConvertible {
        var images = 2
        /// Depth, height and width, and those of the results.
        var size: [Int]
        var output: [Int]
        var window: [Int]
        var strides: [Int]
        var padding = [0, 0, 0]
        var block = 16

        var description: String { "\(window) by \(strides) over \(size), \(block) channels" }
        var overlaps: Bool { zip(window, strides).contains { $0 > $1 } }
        var inputCount: Int { images * size.reduce(block, *) }
        var resultCount: Int { images * output.reduce(block, *) }

        /// The pixels of a window inside of the image, as elements of the image, with their indices in the window.
        func window(of result: Int) -> [(element: Int, index: Int)] {
            let (channel, pixel) = (result % block, result / block)
            let (row, column) = pixel.quotientAndRemainder(dividingBy: output[2])
            let position: [Int] = [row / output[1] % output[0], row % output[1], column]
            let image = pixel / output.reduce(1, *)
            return (0..<window.reduce(1, *)).compactMap { index in
                let (row, column) = index.quotientAndRemainder(dividingBy: window[2])
                let inside: [Int] = [row / window[1], row % window[1], column]
                let at: [Int] = (0..<3).map { axis in
                    position[axis] * strides[axis] - padding[axis] + inside[axis]
                }
                let isInside = (0..<3).allSatisfy { (0..<size[$0]).contains(at[$0]) }
                guard isInside else { return nil }
                let element: Int = (image * size[0] + at[0]) * size[1] + at[1]
                return ((element * size[2] + at[2]) * block + channel, index)
            }
        }

        fileprivate func raw(isMaximum: Bool) -> strata_pooling {
            var raw = strata_pooling()
            (raw.images, raw.blocks, raw.block) = (Int64(images), 1, Int64(block))
            (raw.depth, raw.height, raw.width) = (Int64(size[0]), Int64(size[1]), Int64(size[2]))
            (raw.planes, raw.rows) = (Int64(output[0]), Int64(output[1]))
            raw.columns = Int64(output[2])
            copyAxes(window, to: &raw.window)
            copyAxes(strides, to: &raw.strides)
            copyAxes(padding, to: &raw.padding_before)
            raw.is_maximum = isMaximum ? 1 : 0
            return raw
        }
    }

    /// Squares of 2 and 3 and vectors of 16 have loops of their own.
    static let settings = [
        Setting(
            images: 1, size: [1, 1, 1], output: [1, 1, 1], window: [1, 1, 1], strides: [1, 1, 1],
            block: 1),
        Setting(
            size: [1, 6, 8], output: [1, 3, 4], window: [1, 2, 2], strides: [1, 2, 2], block: 48),
        Setting(
            size: [1, 7, 9], output: [1, 2, 3], window: [1, 3, 3], strides: [1, 3, 3], block: 8),
        Setting(
            size: [1, 7, 5], output: [1, 4, 3], window: [1, 2, 2], strides: [1, 2, 2],
            padding: [0, 1, 1], block: 5),
        Setting(
            size: [5, 4, 4], output: [2, 2, 2], window: [2, 2, 2], strides: [2, 2, 2], block: 17),
        Setting(
            size: [1, 8, 8], output: [1, 3, 3], window: [1, 2, 1], strides: [1, 3, 3], block: 3),
        Setting(
            images: 1, size: [1, 40, 20], output: [1, 2, 1], window: [1, 17, 17],
            strides: [1, 20, 20]),
        Setting(
            images: 12, size: [1, 32, 32], output: [1, 16, 16], window: [1, 2, 2],
            strides: [1, 2, 2]),
    ]
    static let overlapping = [
        Setting(
            size: [1, 7, 7], output: [1, 4, 4], window: [1, 3, 3], strides: [1, 2, 2],
            padding: [0, 1, 1], block: 32),
        Setting(
            size: [4, 3, 6], output: [3, 2, 5], window: [2, 2, 2], strides: [1, 1, 1], block: 6),
        Setting(
            images: 1, size: [1, 20, 19], output: [1, 4, 3], window: [1, 17, 17],
            strides: [1, 1, 1]),
    ]

    /// The maximum of a window, and its index, the first of equals.
    private static func maximum(
        _ window: [(element: Int, index: Int)], _ x: [Float]
    ) -> (value: Float, index: Int) {
        var best = (value: -Float.infinity, index: window[0].index)
        for pixel in window where x[pixel.element] > best.value {
            best = (x[pixel.element], pixel.index)
        }
        return best
    }

    @Test(arguments: settings + overlapping)
    func `maxima without their indices, and with them`(setting: Setting) {
        let image = Cells(integers(setting.inputCount, limit: 40))
        let expected = (0..<setting.resultCount).map {
            Self.maximum(setting.window(of: $0), image.values)
        }
        var arguments = setting.raw(isMaximum: true)
        let pooled = Cells.unwritten(setting.resultCount)
        (arguments.image, arguments.pooled) = (.init(image.base), .init(pooled.base))
        call(strata_run_pooling, arguments, reading: [image], writing: [pooled])
        #expect(pooled.values == expected.map(\.value))
        #expect(Self.indices(setting, arguments, [image], [pooled]) == expected.map(\.index))
        #expect(pooled.values == expected.map(\.value))
    }

    /// The indices that pooling writes: bytes, or 32 bits for windows of more than 256 pixels.
    private static func indices(
        _ setting: Setting, _ arguments: strata_pooling, _ sources: [AnyObject],
        _ results: [any Written]
    ) -> [Int] {
        var arguments = arguments
        if setting.window.reduce(1, *) > 256 {
            let indices = Cells([UInt32](repeating: 9, count: setting.resultCount))
            arguments.argmax_indices = .init(indices.base)
            call(strata_run_pooling, arguments, reading: sources, writing: results + [indices])
            return indices.values.map { Int($0) }
        }
        let indices = Cells([UInt8](repeating: 9, count: setting.resultCount))
        arguments.argmax_indices = .init(indices.base)
        call(strata_run_pooling, arguments, reading: sources, writing: results + [indices])
        return indices.values.map { Int($0) }
    }

    /// The sum is exact; 1 / count and the product are rounded.
    @Test(arguments: settings)
    func `averages are those of the pixels inside of the image`(setting: Setting) {
        let image = Cells(integers(setting.inputCount, limit: 40))
        let pooled = Cells.unwritten(setting.resultCount)
        var arguments = setting.raw(isMaximum: false)
        (arguments.image, arguments.pooled) = (.init(image.base), .init(pooled.base))
        call(strata_run_pooling, arguments, reading: [image], writing: [pooled])
        let expected = (0..<setting.resultCount).map { result in
            let window = setting.window(of: result)
            let sum = window.reduce(0.0) { $0 + Double(image.values[$1.element]) }
            return sum / Double(window.count)
        }
        expect(pooled.values, expected, units: 2)
    }

    @Test(arguments: settings.prefix(5), [false, true])
    func `a value for each channel is multiplied and added before`(
        setting: Setting, isMaximum: Bool
    ) {
        let image = Cells(integers(setting.inputCount, limit: 40))
        let (scale, shift) = (
            Cells(integers(setting.block, limit: 3)), Cells(integers(setting.block, limit: 7))
        )
        let pooled = Cells.unwritten(setting.resultCount)
        var arguments = setting.raw(isMaximum: isMaximum)
        (arguments.image, arguments.pooled) = (.init(image.base), .init(pooled.base))
        (arguments.scale, arguments.shift) = (scale.pointer, shift.pointer)
        call(
            strata_run_pooling, arguments, reading: [image, scale, shift], writing: [pooled])
        let scaled = image.values.enumerated().map { index, x in
            x * scale.values[index % setting.block] + shift.values[index % setting.block]
        }
        let expected = (0..<setting.resultCount).map { result in
            let window = setting.window(of: result)
            if isMaximum { return Double(Self.maximum(window, scaled).value) }
            return window.reduce(0.0) { $0 + Double(scaled[$1.element]) } / Double(window.count)
        }
        expect(pooled.values, expected, units: isMaximum ? 0 : 2)
    }

    @Test(arguments: [false, true])
    func `NaN is propagated`(isMaximum: Bool) {
        let setting = Self.settings[1]
        var x = integers(setting.inputCount, limit: 40)
        x[setting.block * 2 + 5] = .nan
        let (image, pooled) = (Cells(x), Cells.unwritten(setting.resultCount))
        var arguments = setting.raw(isMaximum: isMaximum)
        (arguments.image, arguments.pooled) = (.init(image.base), .init(pooled.base))
        call(strata_run_pooling, arguments, reading: [image], writing: [pooled])
        let nans = pooled.values.indices.filter { pooled.values[$0].isNaN }
        #expect(nans == [setting.block + 5])
        if isMaximum {
            _ = Self.indices(setting, arguments, [image], [pooled])
            #expect(pooled.values.indices.filter { pooled.values[$0].isNaN } == nans)
        }
    }

    /// With no activation before the pooling, a ReLU, or tanh, whose results are multiples of 1/8.
    @Test(arguments: settings + overlapping, [strata_copy, strata_relu, strata_tanh])
    func `the gradient of maxima`(setting: Setting, activation: strata_opcode) {
        let x = integers(setting.inputCount, limit: 8, times: 0.125)
        let gradient = Cells(integers(setting.resultCount, limit: 9))
        let (activated, image) = (Cells(x), Cells.unwritten(setting.inputCount))
        var expected = [Double](repeating: 0, count: setting.inputCount)
        let indices = (0..<setting.resultCount).map { result in
            let window = setting.window(of: result)
            let index = Self.maximum(window, x).index
            for pixel in window where pixel.index == index {
                expected[pixel.element] += Double(gradient.values[result])
            }
            return index
        }
        var arguments = setting.raw(isMaximum: true)
        (arguments.image, arguments.pooled) = (.init(image.base), .init(gradient.base))
        if activation != strata_copy {
            arguments.activated = .init(activated.base)
            arguments.is_tanh = activation == strata_tanh ? 1 : 0
            for (index, y) in x.enumerated() {
                let y = Double(y)
                expected[index] *= activation == strata_tanh ? 1 - y * y : y > 0 ? 1 : 0
            }
        }
        let (bytes, words) = (
            Cells(indices.map { UInt8(truncatingIfNeeded: $0) }),
            Cells(indices.map { UInt32($0) })
        )
        let isLarge = setting.window.reduce(1, *) > 256
        arguments.argmax_indices = isLarge ? .init(words.base) : .init(bytes.base)
        call(
            strata_run_pooling_backward, arguments, reading: [gradient, activated, bytes, words],
            writing: [image])
        expect(image.values, expected, units: 0)
    }

    @Test(arguments: settings)
    func `the gradient of averages`(setting: Setting) {
        let gradient = Cells(integers(setting.resultCount, limit: 9))
        let image = Cells.unwritten(setting.inputCount)
        var arguments = setting.raw(isMaximum: false)
        (arguments.image, arguments.pooled) = (.init(image.base), .init(gradient.base))
        call(
            strata_run_pooling_backward, arguments, reading: [gradient], writing: [image])
        var expected = [Double](repeating: 0, count: setting.inputCount)
        for (result, own) in gradient.values.enumerated() {
            let window = setting.window(of: result)
            for pixel in window { expected[pixel.element] += Double(own) / Double(window.count) }
        }
        expect(image.values, expected, units: 2)
    }
}
