/// Average pooling over sequences: the mean of each window.
///
/// The window may have any size, such as `[2, 3]`, and its strides may be smaller or larger, so
/// that windows overlap or leave gaps. Padding is left out of the mean.
///
/// ### Shapes
/// - Input: `[batch, length, channels]`, or channels first.
/// - Output: the same with length of ⌊(n − window) / stride⌋ + 1, or ⌈n / stride⌉ for `.same`.
///
/// ### Source
/// Keras 3.15.1 `AveragePooling1D`.
public final class AveragePooling1D: PoolingLayer {
    override class var spatialRank: Int { 1 }
    override class var kind: Pooling.Kind { .average }
}
