import CKernels
import Foundation
import Testing

@testable import StrataEngine

/// Batch-blocked convolutions and the gradients of their weights, called directly.
///
/// Images are integers up to 4 and weights integers up to 3: sums are exact in float32, in any order.
@Suite(.needsAVX512) struct BatchBlockedCallTests {
    /// Few and many filters, padding of whole windows, strides, and so much work that it is divided among threads.
    static let settings = [
        PlainConvolution(image: [16, 1, 1, 1], kernel: [1, 1, 1, 1], output: [1, 1]),
        PlainConvolution(image: [32, 5, 7, 3], kernel: [3, 2, 3, 7], output: [3, 6]),
        PlainConvolution(
            image: [16, 6, 6, 1], kernel: [5, 5, 1, 6], paddingBefore: [2, 2], output: [6, 6]),
        PlainConvolution(
            image: [16, 3, 4, 2], kernel: [4, 6, 2, 13], paddingBefore: [3, 5], output: [6, 9]),
        PlainConvolution(
            image: [32, 9, 8, 5], kernel: [3, 3, 5, 4], strides: [2, 3], paddingBefore: [1, 0],
            output: [5, 3]),
        PlainConvolution(
            image: [48, 12, 12, 4], kernel: [3, 3, 4, 8], paddingBefore: [1, 1], output: [12, 12]),
    ]

    private static func raw(_ convolution: PlainConvolution) -> strata_batch_blocked {
        var raw = strata_batch_blocked()
        (raw.blocks, raw.height) = (Int64(convolution.batch / 16), Int64(convolution.image[1]))
        (raw.width, raw.channels) = (Int64(convolution.image[2]), Int64(convolution.channels))
        (raw.rows, raw.columns) = (Int64(convolution.output[0]), Int64(convolution.output[1]))
        raw.filters = Int64(convolution.filters)
        copyAxes(Array(convolution.kernel.prefix(2)), to: &raw.kernel)
        copyAxes(convolution.strides, to: &raw.strides)
        copyAxes(convolution.paddingBefore, to: &raw.padding_before)
        return raw
    }

    private static func result(
        _ convolution: PlainConvolution, _ x: [Float], _ weights: [Float], bias: [Float]?,
        _ activation: strata_opcode
    ) -> [Float] {
        let image = Cells(batchBlocked(x, batch: convolution.batch))
        let (weights, bias) = (Cells(weights), bias.map { Cells($0) })
        let result = Cells.unwritten(convolution.resultCount)
        var arguments = raw(convolution)
        (arguments.image, arguments.weights) = (image.pointer, weights.pointer)
        (arguments.bias, arguments.result) = (bias?.pointer, result.base)
        arguments.activation = Int32(activation.rawValue)
        call(
            strata_run_batch_blocked, arguments,
            reading: [image, weights] + [bias].compactMap(\.self), writing: [result])
        return batchBlocked(result.values, batch: convolution.batch, isBack: true)
    }

    @Test(arguments: settings, [false, true])
    func `forward`(convolution: PlainConvolution, hasBias: Bool) {
        let x = integers(convolution.imageCount, limit: 4)
        let weights = integers(convolution.kernelCount, limit: 3)
        let bias = hasBias ? integers(convolution.filters, limit: 9) : nil
        let expected = convolution.result(x, weights, bias: bias)
        expect(
            Self.result(convolution, x, weights, bias: bias, strata_copy), expected, units: 0)
        expect(
            Self.result(convolution, x, weights, bias: bias, strata_relu),
            expected.map { max($0, 0) }, units: 0)
    }

    /// Weights are multiples of 1/64, and what the functions are computed of is exact.
    ///
    /// The approximation of tanh and
    /// its roundings have a relative error of 3e-7, five units in the last place; that of the sigmoid is smaller.
    @Test(arguments: settings)
    func `with tanh and the sigmoid`(convolution: PlainConvolution) {
        let x = integers(convolution.imageCount, limit: 4)
        let weights = integers(convolution.kernelCount, limit: 3, times: 1 / 64)
        let sums = convolution.result(x, weights, bias: nil)
        expect(
            Self.result(convolution, x, weights, bias: nil, strata_tanh), sums.map { tanh($0) },
            units: 6)
        expect(
            Self.result(convolution, x, weights, bias: nil, strata_sigmoid),
            sums.map { 1 / (1 + exp(-$0)) }, units: 6)
    }

    @Test func `NaN is propagated to the windows that have it`() {
        let convolution = Self.settings[1]
        var x = integers(convolution.imageCount, limit: 4)
        x[40] = .nan
        let weights = integers(convolution.kernelCount, limit: 3)
        let expected = convolution.result(x, weights, bias: nil)
        #expect(expected.contains { $0.isNaN })
        expect(
            Self.result(convolution, x, weights, bias: nil, strata_copy), expected, units: 0)
    }

    @Test(arguments: settings, [1, 2, 5])
    func `the gradients of weights and bias`(convolution: PlainConvolution, partitions: Int) {
        let x = integers(convolution.imageCount, limit: 4)
        let gradient = integers(convolution.resultCount, limit: 3)
        let image = Cells(batchBlocked(x, batch: convolution.batch))
        let result = Cells(batchBlocked(gradient, batch: convolution.batch))
        let (weights, bias) = (
            Cells.unwritten(convolution.kernelCount), Cells.unwritten(convolution.filters)
        )
        let scratchpad = Cells.unwritten(
            partitions * 16 * (convolution.kernelCount + convolution.filters))
        var arguments = Self.raw(convolution)
        (arguments.image, arguments.result) = (image.pointer, result.base)
        (arguments.partitions, arguments.scratchpad) = (Int64(partitions), scratchpad.base)
        arguments.weights_gradient = weights.base
        let expected = convolution.kernelGradient(x, gradient)
        call(
            strata_run_batch_blocked_weights_gradient, arguments,
            reading: [image, result, scratchpad], writing: [weights])
        expect(weights.values, expected, units: 0)
        arguments.bias_gradient = bias.base
        call(
            strata_run_batch_blocked_weights_gradient, arguments,
            reading: [image, result, scratchpad], writing: [weights, bias])
        expect(weights.values, expected, units: 0)
        expect(bias.values, convolution.biasGradient(gradient), units: 0)
    }

    @Test func `the functions of this suite need what the processor says that it has`() {
        #expect(strata_instruction_level() == 4)
    }
}
