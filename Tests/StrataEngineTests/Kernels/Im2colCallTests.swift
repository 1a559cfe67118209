import CKernels
import Testing

@testable import StrataEngine

/// im2col and col2im, called directly.
@Suite struct Im2colCallTests {
    struct Setting: Sendable, CustomStringConvertible {
        var convolution: PlainConvolution
        var block: Int

        var description: String { "\(convolution), blocks of \(block)" }
    }

    private static let settings = [
        Setting(
            convolution: PlainConvolution(
                image: [1, 1, 1, 1], kernel: [1, 1, 1, 1], output: [1, 1]),
            block: 1),
        Setting(
            convolution: PlainConvolution(
                image: [2, 5, 6, 3], kernel: [3, 2, 3, 1], output: [3, 5]), block: 3),
        Setting(
            convolution: PlainConvolution(
                image: [2, 4, 5, 32], kernel: [3, 3, 32, 1], strides: [2, 1],
                paddingBefore: [1, 1], output: [2, 5]), block: 16),
        Setting(
            convolution: PlainConvolution(
                image: [1, 7, 6, 8], kernel: [2, 3, 8, 1], dilations: [3, 2],
                paddingBefore: [0, 2], output: [4, 6]), block: 8),
        Setting(
            convolution: PlainConvolution(
                image: [1, 3, 3, 5], kernel: [5, 4, 5, 1], strides: [3, 2], paddingBefore: [2, 3],
                output: [2, 3]), block: 5),
        Setting(
            convolution: PlainConvolution(
                image: [9, 20, 20, 20], kernel: [3, 3, 20, 1], output: [18, 18]), block: 20),
    ]

    private static func raw(_ setting: Setting) -> strata_im2col {
        let convolution = setting.convolution
        var raw = strata_im2col()
        (raw.batch, raw.height) = (Int64(convolution.image[0]), Int64(convolution.image[1]))
        (raw.width, raw.channels) = (Int64(convolution.image[2]), Int64(convolution.image[3]))
        raw.block = Int64(setting.block)
        raw.output_height = Int64(convolution.output[0])
        raw.output_width = Int64(convolution.output[1])
        copyAxes(Array(convolution.kernel.prefix(2)), to: &raw.kernel)
        copyAxes(convolution.strides, to: &raw.strides)
        copyAxes(convolution.dilations, to: &raw.dilations)
        copyAxes(convolution.paddingBefore, to: &raw.padding_before)
        return raw
    }

    /// Copies: NaN is one, and elements are of four or two bytes.
    @Test(arguments: settings)
    func `windows become rows`(setting: Setting) {
        let convolution = setting.convolution
        var x = sample(convolution.imageCount)
        x[0] = .nan
        let expected = convolution.columns(x)
        let blocked = channelBlocked(
            x, batch: convolution.batch, channels: convolution.channels, block: setting.block)
        let (image, columns) = (Cells(blocked), Cells.unwritten(expected.count))
        var arguments = Self.raw(setting)
        (arguments.element_size, arguments.image) = (4, UnsafePointer(image.bytes))
        arguments.columns = columns.bytes
        call(strata_run_im2col, arguments, reading: [image], writing: [columns])
        #expect(columns.values.map(\.bitPattern) == expected.map(\.bitPattern))

        let halves = Cells(blocked.map { UInt16($0.bitPattern >> 16) })
        let halfColumns = Cells([UInt16](repeating: 9, count: expected.count))
        (arguments.element_size, arguments.image) = (2, UnsafePointer(halves.bytes))
        arguments.columns = halfColumns.bytes
        call(strata_run_im2col, arguments, reading: [halves], writing: [halfColumns])
        #expect(halfColumns.values == expected.map { UInt16($0.bitPattern >> 16) })
    }

    /// For each index along an axis of the image, where in the columns the elements begin that it was copied to.
    private static func taps(_ setting: Setting, axis: Int) -> (starts: [Int64], taps: [Int64]) {
        let own = setting.convolution
        let row = own.windowCount
        let (outputStep, kernelStep) =
            axis == 0
            ? (own.output[1] * row, own.kernel[1] * own.channels) : (row, own.channels)
        var (starts, taps) = ([Int64(0)], [Int64]())
        for pixel in 0..<own.image[axis + 1] {
            for output in 0..<own.output[axis] {
                for tap in 0..<own.kernel[axis] {
                    let first = output * own.strides[axis] - own.paddingBefore[axis]
                    if first + tap * own.dilations[axis] == pixel {
                        taps.append(Int64(output * outputStep + tap * kernelStep))
                    }
                }
            }
            starts.append(Int64(taps.count))
        }
        return (starts, taps)
    }

    /// Sums of integers up to 9 with at most 20 terms, exact in bfloat16 up to 256.
    @Test(arguments: settings, [false, true])
    func `rows are added to the pixels that they come from`(setting: Setting, isBfloat16: Bool) {
        let convolution = setting.convolution
        let count = convolution.batch * convolution.output.reduce(1, *) * convolution.windowCount
        let columns = Cells(integers(count, limit: 9))
        let values = columns.values
        var expected = [Float](repeating: 0, count: convolution.imageCount)
        var next = 0
        convolution.forEachTap { pixel, _, _ in
            for channel in 0..<convolution.channels {
                if let pixel { expected[pixel * convolution.channels + channel] += values[next] }
                next += 1
            }
        }
        expected = channelBlocked(
            expected, batch: convolution.batch, channels: convolution.channels,
            block: setting.block)
        let (rows, across) = (Self.taps(setting, axis: 0), Self.taps(setting, axis: 1))
        let tables = [rows.starts, rows.taps, across.starts, across.taps].map { Cells($0) }
        let size = Self.raw(setting)
        let (image, halves) = (
            Cells.unwritten(expected.count), Cells([UInt16](repeating: 9, count: expected.count))
        )
        call(
            strata_run_col2im,
            strata_col2im(
                batch: size.batch, height: size.height, width: size.width,
                channels: size.channels, block: size.block,
                columns_per_image: Int64(count / convolution.batch),
                is_bfloat16: isBfloat16 ? 1 : 0, row_starts: tables[0].base,
                row_taps: tables[1].base, column_starts: tables[2].base,
                column_taps: tables[3].base, columns: columns.base,
                image: isBfloat16
                    ? UnsafeMutableRawPointer(halves.base) : UnsafeMutableRawPointer(image.base)),
            reading: [columns] + tables, writing: [image, halves])
        if isBfloat16 {
            #expect(halves.values == expected.map { UInt16($0.bitPattern >> 16) })
        } else {
            #expect(image.values == expected)
        }
    }
}
