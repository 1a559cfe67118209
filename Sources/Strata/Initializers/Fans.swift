/// Fan-in and fan-out of a weight.
///
/// Keras 3.15.1 `compute_fans`: the last two axes of a weight are inputs and outputs, and all
/// before them are a kernel's window.
struct Fans: Hashable, Sendable {
    var input: Int
    var output: Int

    /// - Parameters:
    ///   - shape: of the weight.
    ///   - inputAxes: the input axes, if the shape does not determine them.
    ///   - outputAxes: the output axes; used only with `inputAxes`.
    init(shape: [Int], inputAxes: [Int]? = nil, outputAxes: [Int]? = nil) {
        if let inputAxes, let outputAxes {
            let size = { (axis: Int) in shape[axis < 0 ? axis + shape.count : axis] }
            input = inputAxes.reduce(1) { $0 * size($1) }
            output = outputAxes.reduce(1) { $0 * size($1) }
            return
        }
        switch shape.count {
        case 0: (input, output) = (1, 1)
        case 1: (input, output) = (shape[0], shape[0])
        case let rank:
            let window = shape.dropLast(2).reduce(1, *)
            (input, output) = (shape[rank - 2] * window, shape[rank - 1] * window)
        }
    }
}
