internal import StrataGraph

/// Boxes within images, one for each.
struct ImageBox {
    /// 1 within the box and 0 elsewhere, `[batch, height, width, 1]`.
    let mask: SymbolicTensor

    /// Boxes at random positions.
    ///
    /// - Parameters:
    ///   - width: the width of each box as a fraction of the image's, 0 … 1.
    ///   - height: the height of each box as a fraction of the image's, 0 … 1.
    init(
        width: SymbolicTensor, height: SymbolicTensor, of images: SymbolicTensor,
        _ draws: ImageDraws
    ) {
        func within(_ line: SymbolicTensor, _ length: Int, _ part: SymbolicTensor)
            -> SymbolicTensor
        {
            let size = part * Float(length)
            let start = draws.uniform(0...1) * (Float(length) - size)
            return line.greaterOrEqual(to: start) * line.less(than: start + size)
        }
        let (rows, columns, _) = ImageAugmentation.size(images)
        mask =
            within(MovingAugmentation.rows(rows), rows, height)
            * within(MovingAugmentation.columns(columns), columns, width)
    }
}
