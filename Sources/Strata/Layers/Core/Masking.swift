/// Masks the timesteps of a sequence whose features all have one value, and sets them to 0.
///
/// ```swift
/// let x = Masking()(Input(shape: [20, 8]))
/// let y = GlobalAveragePooling1D()(x)  // the mean of the steps that are not all 0
/// ```
///
/// ### Shapes
/// - Input: `[batch, timesteps, …, features]`
/// - Output: the same; its mask is `[batch, timesteps, …]`.
///
/// ### Source
/// Keras 3.15.1 `Masking`.
public final class Masking: Layer, SerializableLayer {
    /// The value of masked features.
    public let maskValue: Float

    /// - Parameters:
    ///   - maskValue: the value of masked features.
    ///   - name: unique within a model.
    public init(maskValue: Double = 0, name: String? = nil) {
        self.maskValue = Float(maskValue)
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(
            maskValue: try configuration.double("mask_value", default: 0),
            name: try configuration.layerName())
    }

    public override var supportsMasking: Bool { true }

    public override func computeMask(_ inputs: [SymbolicTensor], _ masks: [SymbolicTensor?])
        -> SymbolicTensor?
    {
        counts(inputs[0]).withoutLastAxis()
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        guard x.rank > 0 else {
            return SymbolicTensor(
                failure: GraphError(
                    .wrongRank(got: x.shape, expected: "[batch, steps, features]")))
        }
        return counts(x).select(x, .constant(0).cast(to: x.dtype))
    }

    private func counts(_ x: SymbolicTensor) -> SymbolicTensor {
        x.cast(to: .float32).notEqual(to: maskValue).max(axes: [-1], keepDimensions: true)
    }

    public override var config: [String: JSONValue] { ["mask_value": .float(maskValue)] }
}
