/// Dropout: sets elements to 0 at random while training, and scales the others up.
///
/// ### Shapes
/// - Input: any; output: the same.
///
/// ### Errors
/// Reported when the model is built: a rate that is not a fraction, a mask that does not fit the
/// input.
///
/// ### Source
/// Keras 3.15.1 `Dropout`; Srivastava et al., 2014.
public final class Dropout: DropoutLayer {
    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        dropped(
            x, rate: rate, mask: noiseShape?.filled(from: x.shape), sharesMask: sharesMask(x),
            context)
    }
}
