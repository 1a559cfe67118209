internal import StrataGraph

/// The geometry of im2col: a row of columns for each pixel of a convolution's output.
struct Im2col: Sendable, Hashable {
    /// [batch, height, width, channels].
    var image: [Int]
    /// The number of contiguous channels: all of them, or those of one block of the layout.
    var block: Int
    var dtype: DType
    /// [batch, rows, columns, …] of the convolution's output.
    var output: [Int]
    var window: Window

    /// The number of rows, and the number of elements of each.
    var rows: (count: Int, width: Int) {
        (output[0] * output[1] * output[2], window.size[0] * window.size[1] * image[3])
    }

    /// The offsets of each pixel along an axis in the columns of its image, which are [output height, output width,
    /// kernel height, kernel width, channels]: those of pixel i are `taps[starts[i]..<starts[i + 1]]`.
    func taps(along axis: Int) -> (starts: [Int], taps: [Int]) {
        let strides = rowMajorStrides([
            output[1], output[2], window.size[0], window.size[1], image[3],
        ])
        let length = image[axis + 1]
        let before = window.edgePadding(axis, length: length).before
        var starts = [0]
        var taps: [Int] = []
        for pixel in 0..<length {
            for tap in 0..<window.size[axis] {
                let from = pixel + before - tap * window.dilations[axis]
                let step = from / window.strides[axis]
                if from >= 0, from % window.strides[axis] == 0, step < output[axis + 1] {
                    taps.append(step * strides[axis] + tap * strides[axis + 2])
                }
            }
            starts.append(taps.count)
        }
        return (starts, taps)
    }
}
