/// The largest value in each place of a window over images.
///
/// The window may be of any size, such as `[2, 3]`, and its strides smaller or larger than it, so that
/// places overlap or leave gaps. Padding never wins.
///
/// ### Shapes
/// - Input: `[batch, height, width, channels]`, or channels first.
/// - Output: the same with height and width of ⌊(n − window) / stride⌋ + 1, or ⌈n / stride⌉ for `.same`.
///
/// ### Source
/// Keras 3.15.1 `MaxPooling2D`.
public final class MaxPooling2D: PoolingLayer {
    override class var spatialRank: Int { 2 }
    override class var kind: Pooling.Kind { .maximum }
}
