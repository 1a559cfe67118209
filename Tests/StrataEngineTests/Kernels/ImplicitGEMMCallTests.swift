import CKernels
import Foundation
import Testing

@testable import StrataEngine

/// Implicit GEMM, called directly.
///
/// Values are small integers: sums are exact in float32, in any order.
@Suite(.needsAVX512) struct ImplicitGEMMCallTests {
    /// One pixel, numbers of pixels beside six, padding, strides, two blocks of filters for few pixels, and so many
    /// pixels that they are divided among threads.
    static let settings = [
        PlainConvolution(image: [1, 1, 1, 1], kernel: [1, 1, 1, 64], output: [1, 1]),
        PlainConvolution(image: [1, 4, 5, 3], kernel: [2, 3, 3, 64], output: [3, 3]),
        PlainConvolution(
            image: [2, 5, 4, 7], kernel: [3, 3, 7, 128], paddingBefore: [1, 1], output: [5, 4]),
        PlainConvolution(
            image: [1, 7, 7, 20], kernel: [3, 3, 20, 64], strides: [2, 3], paddingBefore: [0, 2],
            output: [4, 3]),
        PlainConvolution(
            image: [1, 2, 2, 2], kernel: [5, 5, 2, 64], paddingBefore: [4, 4], output: [6, 6]),
        PlainConvolution(image: [9, 14, 14, 8], kernel: [2, 2, 8, 64], output: [13, 13]),
    ]

    /// An inner product with so many weights that the next ones are prefetched.
    private static let large = PlainConvolution(
        image: [3, 1, 32, 128], kernel: [1, 32, 128, 64], output: [1, 1])

    private static func packed(_ kernel: [Float], filters: Int) -> [Float] {
        let (block, count) = (Int(STRATA_PACKED_FILTERS), kernel.count / filters)
        var packed: [Float] = []
        for first in stride(from: 0, to: filters, by: block) {
            for row in 0..<count {
                packed += kernel[(row * filters + first)...].prefix(block)
            }
        }
        return packed
    }

    /// A run for each tap of the kernel.
    private static func runs(_ convolution: PlainConvolution) -> [strata_window_run] {
        (0..<convolution.kernel[0] * convolution.kernel[1]).map { tap in
            let (down, across) = (tap / convolution.kernel[1], tap % convolution.kernel[1])
            let offset = (down * convolution.image[2] + across) * convolution.channels
            return strata_window_run(
                offset: Int64(offset), down: Int64(down), across: Int64(across))
        }
    }

    private static func result(
        _ convolution: PlainConvolution, _ x: [Float], _ kernel: [Float], bias: [Float]?,
        _ activation: strata_opcode, addedTo before: [Float]? = nil
    ) -> [Float] {
        let (image, runs) = (Cells(x), Cells(runs(convolution)))
        let weights = Cells(packed(kernel, filters: convolution.filters))
        let bias = bias.map { Cells($0) }
        let result = before.map { Cells($0) } ?? Cells.unwritten(convolution.resultCount)
        var raw = strata_implicit_gemm()
        (raw.images, raw.height) = (Int64(convolution.batch), Int64(convolution.image[1]))
        raw.width = Int64(convolution.image[2])
        (raw.rows, raw.columns) = (Int64(convolution.output[0]), Int64(convolution.output[1]))
        copyAxes(convolution.strides, to: &raw.strides)
        copyAxes(convolution.paddingBefore, to: &raw.padding_before)
        let row = convolution.image[2] * convolution.channels
        copyAxes([convolution.image[1] * row, row, convolution.channels], to: &raw.image_strides)
        (raw.run_count, raw.run_length) = (Int64(runs.values.count), Int64(convolution.channels))
        (raw.filters, raw.activation) = (Int64(convolution.filters), Int32(activation.rawValue))
        raw.accumulates = before == nil ? 0 : 1
        raw.has_padding = convolution.hasPadding ? 1 : 0
        (raw.runs, raw.image, raw.weights) = (runs.pointer, image.pointer, weights.pointer)
        (raw.bias, raw.result) = (bias?.pointer, result.base)
        call(
            strata_run_implicit_gemm, raw,
            reading: [image, runs, weights] + [bias].compactMap(\.self), writing: [result])
        return result.values
    }

    @Test(arguments: settings + [large], [false, true])
    func `forward`(convolution: PlainConvolution, hasBias: Bool) {
        let x = integers(convolution.imageCount, limit: 4)
        let kernel = integers(convolution.kernelCount, limit: 3)
        let bias = hasBias ? integers(convolution.filters, limit: 9) : nil
        let expected = convolution.result(x, kernel, bias: bias)
        expect(Self.result(convolution, x, kernel, bias: bias, strata_copy), expected, units: 0)
        expect(
            Self.result(convolution, x, kernel, bias: bias, strata_relu),
            expected.map { max($0, 0) }, units: 0)
        let before = integers(convolution.resultCount, limit: 99)
        expect(
            Self.result(convolution, x, kernel, bias: bias, strata_copy, addedTo: before),
            zip(expected, before).map { $0 + Double($1) }, units: 0)
    }

    /// As in the tests of batch-blocked convolutions: the argument is exact, and tanh has a relative error of 3e-7.
    @Test(arguments: settings)
    func `with tanh`(convolution: PlainConvolution) {
        let x = integers(convolution.imageCount, limit: 4)
        let kernel = integers(convolution.kernelCount, limit: 3, times: 1 / 64)
        let sums = convolution.result(x, kernel, bias: nil)
        expect(
            Self.result(convolution, x, kernel, bias: nil, strata_tanh), sums.map { tanh($0) },
            units: 6)
    }

    @Test(arguments: settings.prefix(4))
    func `NaN is propagated to the windows that have it`(convolution: PlainConvolution) {
        var x = integers(convolution.imageCount, limit: 4)
        x[x.count / 2] = .nan
        let kernel = integers(convolution.kernelCount, limit: 3)
        let expected = convolution.result(x, kernel, bias: nil)
        #expect(expected.contains { $0.isNaN })
        expect(Self.result(convolution, x, kernel, bias: nil, strata_copy), expected, units: 0)
    }
}
