@testable import StrataEngine

/// A convolution as plain loops over row-major images [batch, height, width, channels] and kernels
/// [height, width, channels, filters].
struct PlainConvolution: Sendable, CustomStringConvertible {
    var image: [Int]
    var kernel: [Int]
    var strides = [1, 1]
    var dilations = [1, 1]
    var paddingBefore = [0, 0]
    /// Rows and columns of the result.
    var output: [Int]

    var description: String {
        "\(image) with \(kernel) by \(strides)"
            + (dilations == [1, 1] ? "" : ", dilated by \(dilations)")
            + (paddingBefore == [0, 0] ? "" : ", padded by \(paddingBefore)")
    }
    var batch: Int { image[0] }
    var channels: Int { image[3] }
    var filters: Int { kernel[3] }
    var result: [Int] { [batch] + output + [filters] }
    var imageCount: Int { image.reduce(1, *) }
    var kernelCount: Int { kernel.reduce(1, *) }
    var resultCount: Int { result.reduce(1, *) }
    /// The elements of a window.
    var windowCount: Int { kernel.dropLast().reduce(1, *) }
    var hasPadding: Bool {
        (0..<2).contains { axis in
            let first: Int = (output[axis] - 1) * strides[axis]
            let last: Int = first + (kernel[axis] - 1) * dilations[axis]
            return paddingBefore[axis] > 0 || last >= image[axis + 1]
        }
    }

    /// Calls `body` with the pixels and the taps of each window, outside of the image with nil.
    func forEachTap(_ body: (_ pixel: Int?, _ tap: Int, _ result: Int) -> Void) {
        for result in 0..<batch * output[0] * output[1] {
            let (row, column) = (result / output[1] % output[0], result % output[1])
            for tap in 0..<kernel[0] * kernel[1] {
                let y = row * strides[0] - paddingBefore[0] + tap / kernel[1] * dilations[0]
                let x = column * strides[1] - paddingBefore[1] + tap % kernel[1] * dilations[1]
                let isInside = y >= 0 && y < image[1] && x >= 0 && x < image[2]
                let first = result / output[0] / output[1] * image[1]
                body(isInside ? (first + y) * image[2] + x : nil, tap, result)
            }
        }
    }

    /// Calls `body` with the elements of image, kernel and result of each term.
    private func forEachTerm(_ body: (Int, Int, Int) -> Void) {
        forEachTap { pixel, tap, result in
            guard let pixel else { return }
            for channel in 0..<channels {
                for filter in 0..<filters {
                    body(
                        pixel * channels + channel, (tap * channels + channel) * filters + filter,
                        result * filters + filter)
                }
            }
        }
    }

    func result(_ image: [Float], _ kernel: [Float], bias: [Float]?) -> [Double] {
        let bias = bias ?? [Float](repeating: 0, count: filters)
        var sums = (0..<resultCount).map { Double(bias[$0 % filters]) }
        image.withUnsafeBufferPointer { image in
            kernel.withUnsafeBufferPointer { kernel in
                sums.withUnsafeMutableBufferPointer { sums in
                    let sums = sums
                    forEachTerm { sums[$2] += Double(image[$0]) * Double(kernel[$1]) }
                }
            }
        }
        return sums
    }

    func imageGradient(_ gradient: [Float], _ kernel: [Float]) -> [Double] {
        var sums = [Double](repeating: 0, count: imageCount)
        forEachTerm { sums[$0] += Double(gradient[$2]) * Double(kernel[$1]) }
        return sums
    }

    func kernelGradient(_ image: [Float], _ gradient: [Float]) -> [Double] {
        var sums = [Double](repeating: 0, count: kernelCount)
        forEachTerm { sums[$1] += Double(image[$0]) * Double(gradient[$2]) }
        return sums
    }

    func biasGradient(_ gradient: [Float]) -> [Double] {
        var sums = [Double](repeating: 0, count: filters)
        for (index, value) in gradient.enumerated() { sums[index % filters] += Double(value) }
        return sums
    }

    /// Im2col: rows of the kernel's taps and channels, with zeros for the padding.
    func columns(_ image: [Float]) -> [Float] {
        var columns: [Float] = []
        forEachTap { pixel, _, _ in
            for channel in 0..<channels {
                columns.append(pixel.map { image[$0 * channels + channel] } ?? 0)
            }
        }
        return columns
    }
}

/// Row-major elements [batch, pixels, channels] as [batch, channels / block, pixels, block], or back.
func channelBlocked<T>(_ x: [T], batch: Int, channels: Int, block: Int, isBack: Bool = false) -> [T]
{
    let pixels = x.count / batch / channels
    var result = x
    for index in x.indices {
        let (image, pixel, channel) = (
            index / channels / pixels, index / channels % pixels, index % channels
        )
        let first = (image * (channels / block) + channel / block) * pixels
        let blocked = (first + pixel) * block + channel % block
        if isBack { result[index] = x[blocked] } else { result[blocked] = x[index] }
    }
    return result
}

/// Row-major elements [batch, elements] as [batch / 16, elements, 16], or back.
func batchBlocked<T>(_ x: [T], batch: Int, isBack: Bool = false) -> [T] {
    let count = x.count / batch
    var result = x
    for index in x.indices {
        let (image, element) = (index / count, index % count)
        let blocked = (image / 16 * count + element) * 16 + image % 16
        if isBack { result[index] = x[blocked] } else { result[blocked] = x[index] }
    }
    return result
}
