/// Repeats each vector `n` times.
///
/// ```swift
/// let y = RepeatVector(3)(Input(shape: [32]))  // [?, 3, 32]
/// ```
///
/// ### Shapes
/// - Input: `[batch, width]`; output: `[batch, n, width]`.
///
/// ### Errors
/// Reported when the model is built: `n` below 1, an input that is not `[batch, width]`.
///
/// ### Source
/// Keras 3.15.1 `RepeatVector`.
public final class RepeatVector: Layer, SerializableLayer {
    public let n: Int
    override class var keepsInputShape: Bool { true }

    /// - Parameters:
    ///   - n: the number of repetitions, 1 or more.
    ///   - name: unique within a model.
    public init(_ n: Int, name: String? = nil) {
        self.n = n
        super.init(name: name)
    }

    public convenience init(configuration: Configuration) throws(ConfigurationError) {
        self.init(try configuration.int("n"), name: try configuration.layerName())
    }

    public override func call(_ x: SymbolicTensor, _ context: CallContext) -> SymbolicTensor {
        do throws(GraphError.Problem) {
            guard n > 0 else { throw .invalidArgument("n is \(n)", fix: "use 1 or more") }
            guard x.rank == 2 else { throw .wrongRank(got: x.shape, expected: "[batch, width]") }
            return try x.reshaped([x.shape[0] ?? -1, 1, x.shape[1]]).repeated([1, n, 1])
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }

    public override var config: [String: JSONValue] { ["n": .integer(n)] }
}
