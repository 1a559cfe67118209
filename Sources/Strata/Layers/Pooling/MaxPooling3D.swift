/// Max pooling over volumes: the maximum of each window.
///
/// The window may have any size, such as `[2, 3]`, and its strides may be smaller or larger, so
/// that windows overlap or leave gaps. Padding is ignored.
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first.
/// - Output: the same with depth, height and width of ⌊(n − window) / stride⌋ + 1, or ⌈n / stride⌉
///   for `.same`.
///
/// ### Source
/// Keras 3.15.1 `MaxPooling3D`.
public final class MaxPooling3D: PoolingLayer {
    override class var spatialRank: Int { 3 }
    override class var kind: Pooling.Kind { .maximum }
}
