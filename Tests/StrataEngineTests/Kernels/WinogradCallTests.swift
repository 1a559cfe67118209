import CKernels
import Testing

@testable import StrataEngine

/// Winograd's algorithm for 3 × 3 with strides of 2, called directly.
///
/// Images are integers up to 4 and weights multiples of 4 up to 8: transformed weights, which are quarters of sums of
/// four, are integers too, and all sums are exact in float32.
@Suite(.needsAVX512) struct WinogradCallTests {
    struct Setting: Sendable, CustomStringConvertible {
        var convolution: PlainConvolution
        var imageBlock = 16
        var resultBlock = 16
        var partitions = 1

        var description: String {
            "\(convolution), blocks of \(imageBlock) and \(resultBlock), \(partitions) partitions"
        }

        init(
            _ image: [Int], filters: Int, output: [Int], padding: [Int] = [0, 0],
            blocks: (Int, Int) = (16, 16), partitions: Int = 1
        ) {
            convolution = PlainConvolution(
                image: image, kernel: [3, 3, image[3], filters], strides: [2, 2],
                paddingBefore: padding, output: output)
            (imageBlock, resultBlock, self.partitions) = (blocks.0, blocks.1, partitions)
        }

        fileprivate func raw(isWeightsGradient: Bool = false) -> strata_winograd {
            var raw = strata_winograd()
            (raw.images, raw.height) = (Int64(convolution.batch), Int64(convolution.image[1]))
            (raw.width, raw.channels) = (Int64(convolution.image[2]), Int64(convolution.channels))
            (raw.rows, raw.columns) = (Int64(convolution.output[0]), Int64(convolution.output[1]))
            raw.filters = Int64(convolution.filters)
            copyAxes(convolution.paddingBefore, to: &raw.padding_before)
            (raw.image_block, raw.result_block) = (Int64(imageBlock), Int64(resultBlock))
            raw.activation = Int32(strata_copy.rawValue)
            raw.is_weights_gradient = isWeightsGradient ? 1 : 0
            raw.partitions = Int64(partitions)
            return raw
        }

        fileprivate func image(_ x: [Float], isBack: Bool = false) -> [Float] {
            channelBlocked(
                x, batch: convolution.batch, channels: convolution.channels, block: imageBlock,
                isBack: isBack)
        }

        fileprivate func result(_ x: [Float], isBack: Bool = false) -> [Float] {
            channelBlocked(
                x, batch: convolution.batch, channels: convolution.filters, block: resultBlock,
                isBack: isBack)
        }

        fileprivate var x: [Float] { integers(convolution.imageCount, limit: 4) }
        fileprivate var kernel: [Float] { integers(convolution.kernelCount, limit: 2, times: 4) }
        fileprivate var gradient: [Float] { integers(convolution.resultCount, limit: 3) }
    }

    /// Tiles of 2, 3, 2 + 2, 3 + 2 and 3 + 3 rows and columns; padding on either side, and pixels that no window covers;
    /// four, three and fewer vectors of filters; so many tiles that they are processed in groups.
    private static let settings = [
        Setting([1, 6, 9, 16], filters: 16, output: [2, 3]),
        Setting([2, 8, 10, 32], filters: 48, output: [4, 5], partitions: 2),
        Setting([2, 9, 12, 16], filters: 32, output: [5, 6], padding: [1, 1], blocks: (16, 32)),
        Setting(
            [3, 13, 4, 32], filters: 80, output: [7, 2], padding: [1, 0], blocks: (32, 80),
            partitions: 3),
        Setting([3, 32, 30, 16], filters: 16, output: [16, 15], padding: [0, 1], partitions: 2),
    ]

    private static func transformed(_ kernel: [Float], _ rows: Int, _ columns: Int) -> [Float] {
        let source = Cells(kernel)
        let result = Cells.unwritten(Int(STRATA_WINOGRAD_MATRICES) * rows * columns)
        call(
            strata_run_winograd_weight_transform,
            strata_winograd_weight_transform(
                rows: Int64(rows), columns: Int64(columns), kernel: source.base,
                transformed_weights: result.base), reading: [source], writing: [result])
        return result.values
    }

    /// A kernel g becomes G g Gᵀ, one matrix for each of its elements, in panels of 64 columns.
    @Test(arguments: [[1, 16], [3, 64], [5, 112], [700, 16]])
    func `the weight transform`(size: [Int]) {
        let (rows, columns) = (size[0], size[1])
        let transform = [[1, 0, 0], [0.5, 0, 0.5], [0.5, 0, -0.5], [0, 0, 1], [0, 1, 0]]
        var kernel = integers(9 * rows * columns, limit: 2, times: 4)
        kernel[columns] = .nan
        let got = Self.transformed(kernel, rows, columns)
        let expected = (0..<25 * rows * columns).map { index -> Double in
            let (matrix, element) = (index / (rows * columns), index % (rows * columns))
            let panel = element / (64 * rows) * 64
            let width = min(columns - panel, 64)
            let (row, column) = (
                (element - panel * rows) / width, panel + (element - panel * rows) % width
            )
            return (0..<9).reduce(0) { sum, tap in
                let weight = transform[matrix / 5][tap / 3] * transform[matrix % 5][tap % 3]
                let value = kernel[(tap * rows + row) * columns + column]
                return weight == 0 ? sum : sum + weight * Double(value)
            }
        }
        expect(got, expected, units: 0)
    }

    @Test(arguments: settings, [false, true])
    func `forward`(setting: Setting, hasBias: Bool) {
        let own = setting.convolution
        let bias = hasBias ? Cells(integers(own.filters, limit: 9)) : nil
        let image = Cells(setting.image(setting.x))
        let weights = Cells(Self.transformed(setting.kernel, own.channels, own.filters))
        let result = Cells.unwritten(own.resultCount)
        var arguments = setting.raw()
        let scratchpad = Cells.unwritten(Int(strata_winograd_scratchpad(&arguments)))
        (arguments.image, arguments.transformed_weights) = (image.pointer, weights.pointer)
        (arguments.bias, arguments.result) = (bias?.pointer, result.base)
        arguments.scratchpad = scratchpad.base
        let sources = [image, weights, scratchpad] + [bias].compactMap(\.self)
        let expected = own.result(setting.x, setting.kernel, bias: bias?.values)
        call(strata_run_winograd, arguments, reading: sources, writing: [result])
        expect(setting.result(result.values, isBack: true), expected, units: 0)
        arguments.activation = Int32(strata_relu.rawValue)
        call(strata_run_winograd, arguments, reading: sources, writing: [result])
        expect(
            setting.result(result.values, isBack: true), expected.map { max($0, 0) }, units: 0)
    }

    /// Other results of a tile may be NaN too: products are shared.
    @Test func `NaN is propagated to the windows that have it`() {
        let setting = Self.settings[0]
        let own = setting.convolution
        var x = setting.x
        x[(3 * own.image[2] + 2) * own.channels] = .nan
        let (image, result) = (Cells(setting.image(x)), Cells.unwritten(own.resultCount))
        let weights = Cells(Self.transformed(setting.kernel, own.channels, own.filters))
        var arguments = setting.raw()
        let scratchpad = Cells.unwritten(Int(strata_winograd_scratchpad(&arguments)))
        (arguments.image, arguments.transformed_weights) = (image.pointer, weights.pointer)
        (arguments.result, arguments.scratchpad) = (result.base, scratchpad.base)
        arguments.activation = Int32(strata_relu.rawValue)
        call(
            strata_run_winograd, arguments, reading: [image, weights, scratchpad],
            writing: [result])
        let got = setting.result(result.values, isBack: true)
        let nans = own.result(x, setting.kernel, bias: nil).indices.filter {
            own.result(x, setting.kernel, bias: nil)[$0].isNaN
        }
        #expect(!nans.isEmpty && nans.allSatisfy { got[$0].isNaN })
    }

    @Test(arguments: settings)
    func `the gradient of the image`(setting: Setting) {
        let own = setting.convolution
        let (channels, filters) = (own.channels, own.filters)
        let kernel = setting.kernel
        // Filters before channels.
        let transposed = kernel.indices.map { index in
            let (tap, rest) = (index / (channels * filters), index % (channels * filters))
            return kernel[(tap * channels + rest % channels) * filters + rest / channels]
        }
        let gradient = Cells(setting.result(setting.gradient))
        let weights = Cells(Self.transformed(transposed, filters, channels))
        let image = Cells.unwritten(own.imageCount)
        var arguments = setting.raw()
        let scratchpad = Cells.unwritten(Int(strata_winograd_scratchpad(&arguments)))
        (arguments.result, arguments.transformed_weights) = (gradient.base, weights.pointer)
        (arguments.image_gradient, arguments.scratchpad) = (image.base, scratchpad.base)
        call(
            strata_run_winograd_data_gradient, arguments,
            reading: [gradient, weights, scratchpad], writing: [image])
        expect(
            setting.image(image.values, isBack: true),
            own.imageGradient(setting.gradient, kernel), units: 0)
    }

    /// Here sums are multiples of 1/4.
    @Test(arguments: settings)
    func `the gradients of kernel and bias`(setting: Setting) {
        let own = setting.convolution
        let (image, gradient) = (
            Cells(setting.image(setting.x)), Cells(setting.result(setting.gradient))
        )
        let (kernel, bias) = (Cells.unwritten(own.kernelCount), Cells.unwritten(own.filters))
        var arguments = setting.raw(isWeightsGradient: true)
        let scratchpad = Cells.unwritten(Int(strata_winograd_scratchpad(&arguments)))
        (arguments.image, arguments.result) = (image.pointer, gradient.base)
        (arguments.kernel_gradient, arguments.scratchpad) = (kernel.base, scratchpad.base)
        let expected = own.kernelGradient(setting.x, setting.gradient)
        call(
            strata_run_winograd_weights_gradient, arguments,
            reading: [image, gradient, scratchpad], writing: [kernel])
        expect(kernel.values, expected, units: 0)
        arguments.bias_gradient = bias.base
        call(
            strata_run_winograd_weights_gradient, arguments,
            reading: [image, gradient, scratchpad], writing: [kernel, bias])
        expect(kernel.values, expected, units: 0)
        expect(bias.values, own.biasGradient(setting.gradient), units: 0)
    }
}
