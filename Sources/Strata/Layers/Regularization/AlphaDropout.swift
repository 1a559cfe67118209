/// Alpha dropout for SELU: drops elements at random while training, and keeps mean and variance.
///
/// ### Shapes
/// - Input: any; output: the same.
///
/// ### Errors
/// Reported when the model is built: a rate that is not a fraction, a mask that does not fit the
/// input.
///
/// ### Source
/// Keras 3.15.1 `AlphaDropout`; Klambauer et al., 2017, arXiv:1706.02515.
public final class AlphaDropout: DropoutLayer {
    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard context.isTraining, rate > 0 else { return x }
        // SELU's −scale · alpha; at rate 1 everything is dropped, and a is infinite in Keras too.
        let bound = -1.673_263_242_354_377_2 * 1.050_700_987_355_480_5
        let rate = rate.asWritten
        let a = 1 / ((1 - rate) * (1 + rate * bound * bound)).squareRoot()
        let mask = noiseShape?.filled(from: x.shape) ?? x.shape
        let isKept = uniform(mask, isShared: sharesMask(x), context)
            .greaterOrEqual(to: self.rate)
        let y = isKept.select(x, .constant(Float(bound)))
        return (y * Float(a) + Float(-a * bound * rate)).cast(to: x.dtype)
    }
}
