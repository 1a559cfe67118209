/// The mean in each place of a window over volumes.
///
/// The window may be of any size, such as `[2, 3]`, and its strides smaller or larger than it, so that
/// places overlap or leave gaps. Padding is left out of the mean.
///
/// ### Shapes
/// - Input: `[batch, depth, height, width, channels]`, or channels first.
/// - Output: the same with depth, height and width of ⌊(n − window) / stride⌋ + 1, or ⌈n / stride⌉ for `.same`.
///
/// ### Source
/// Keras 3.15.1 `AveragePooling3D`.
public final class AveragePooling3D: PoolingLayer {
    override class var spatialRank: Int { 3 }
    override class var kind: Pooling.Kind { .average }
}
