internal import StrataGraph

/// The patches of images that a convolution sees, one row of numbers for each place of its output.
struct ImagePatches: Sendable, Hashable {
    /// [batch, height, width, channels].
    var image: [Int]
    /// How many channels lie side by side: all of them, or as many as one of the layout's blocks has.
    var block: Int
    var dtype: DType
    /// [batch, rows, columns, …] of the convolution's output.
    var output: [Int]
    var window: Window

    /// How many patches there are, and how many numbers each has.
    var rows: (count: Int, width: Int) {
        (output[0] * output[1] * output[2], window.size[0] * window.size[1] * image[3])
    }

    /// Where the numbers for each place along an axis of an image lie in its patches, which are
    /// [rows, columns, kernel's rows, kernel's columns, channels]: those for place i are
    /// `taps[starts[i]..<starts[i + 1]]`.
    func taps(along axis: Int) -> (starts: [Int], taps: [Int]) {
        let strides = rowMajorStrides([
            output[1], output[2], window.size[0], window.size[1], image[3],
        ])
        let length = image[axis + 1]
        let low = window.margins(axis, length: length).low
        var starts = [0]
        var taps: [Int] = []
        for place in 0..<length {
            for part in 0..<window.size[axis] {
                let from = place + low - part * window.dilations[axis]
                let step = from / window.strides[axis]
                if from >= 0, from % window.strides[axis] == 0, step < output[axis + 1] {
                    taps.append(step * strides[axis] + part * strides[axis + 2])
                }
            }
            starts.append(taps.count)
        }
        return (starts, taps)
    }
}
