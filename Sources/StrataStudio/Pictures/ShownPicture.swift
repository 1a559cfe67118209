#if Server
import HTTPTypes
import Strata

/// A picture of a request: pixels, its class if that is known, and by how many pixels the model's
/// view of it is moved.
struct ShownPicture: Sendable {
    let name: String
    /// `uint8 [height, width, channels]`.
    let pixels: Tensor
    let label: Int?
    /// Pixels of the model's input, to the right and down.
    var shift = (x: 0, y: 0)

    /// The picture as a model's input, `[height, width, channels]` or `[height, width]`.
    ///
    /// - Parameter shape: of the model's input, with the batch dimension.
    func fitted(to shape: Shape) throws -> Tensor {
        try pixels.fitted(to: shape).shifted(x: shift.x, y: shift.y)
    }
}

extension Tensor {
    /// The image moved by whole pixels; what becomes visible repeats its edge.
    ///
    /// - Throws: a ``StudioError`` if nothing of the image would be left.
    func shifted(x: Int, y: Int) throws(StudioError) -> Tensor {
        if x == 0, y == 0 { return self }
        guard rank >= 2, x.magnitude < UInt(shape[1]), y.magnitude < UInt(shape[0]) else {
            throw StudioError(
                .badRequest,
                "dx is \(x) and dy is \(y), for a picture of \(shape.prefix(2)); "
                    + "move it by less than its size")
        }
        let (height, width, channels) = (shape[0], shape[1], shape.dropFirst(2).reduce(1, *))
        let source = scalars
        var result = [Float](repeating: 0, count: source.count)
        for row in 0..<height {
            let from = Swift.min(Swift.max(row - y, 0), height - 1) * width
            for column in 0..<width {
                let pixel = (from + Swift.min(Swift.max(column - x, 0), width - 1)) * channels
                let place = (row * width + column) * channels
                for channel in 0..<channels { result[place + channel] = source[pixel + channel] }
            }
        }
        return Tensor(result, shape: shape)
    }
}
#endif
