internal import StrataGraph

/// The masks of tensors, as in Keras 3.15.1: 1 where a position counts and 0 where it is masked.
struct Masks {
    private struct Key: Hashable {
        var node: ObjectIdentifier
        var output: Int
    }

    /// Tensors are kept with their masks, so that their identity is not reused.
    private var known: [Key: (tensor: SymbolicTensor, mask: SymbolicTensor)] = [:]

    subscript(tensor: SymbolicTensor) -> SymbolicTensor? {
        get { known.isEmpty ? nil : Masks.key(tensor).flatMap { known[$0]?.mask } }
        set {
            guard let key = Masks.key(tensor) else { return }
            known[key] = newValue.map { (tensor, $0) }
        }
    }

    private static func key(_ tensor: SymbolicTensor) -> Key? {
        guard case .value(let node, let output) = tensor.content else { return nil }
        return Key(node: ObjectIdentifier(node), output: output)
    }
}

extension CallContext {
    /// The mask of a tensor, `float32` of 1 and 0, mostly `[batch, timesteps]`; `nil` if all
    /// positions count.
    ///
    /// ``Masking`` and ``Embedding`` create masks, and layers that support them pass them on. Keras
    /// 3.15.1 `get_keras_mask`.
    public func mask(of tensor: SymbolicTensor) -> SymbolicTensor? { masks[tensor] }

    /// Sets the outputs' masks from those of the inputs.
    func pass(_ layer: Layer, _ inputs: [SymbolicTensor], _ outputs: [SymbolicTensor]) {
        guard layer.supportsMasking else {
            if inputs.contains(where: { masks[$0] != nil }) { layer.loseMask() }
            return
        }
        let made = layer.computeMask(inputs, inputs.map { masks[$0] })
        // A layer that returns its input, such as dropout at inference, has the mask already.
        for output in outputs where masks[output] == nil { masks[output] = made }
    }
}

extension SymbolicTensor {
    /// The error of a layer whose input has a mask that does not fit.
    static func unusable(mask: SymbolicTensor, for x: SymbolicTensor) -> SymbolicTensor {
        SymbolicTensor(
            failure: GraphError(
                .invalidArgument(
                    "a mask of shape \(mask.shape) was given for \(x.shape)",
                    fix: "end the mask before with a layer that has none, such as Reshape")))
    }

    /// 1 where both masks are 1.
    static func both(_ a: SymbolicTensor?, _ b: SymbolicTensor?) -> SymbolicTensor? {
        guard let a, let b else { return a ?? b }
        return a * b
    }

    /// Sample weights times a mask, matched in rank.
    ///
    /// Keras 3.15.1 `apply_mask`.
    static func weight(_ weight: SymbolicTensor?, times mask: SymbolicTensor) -> SymbolicTensor {
        guard let weight else { return mask }
        let (spread, own) = aligned(mask, weight)
        return own.padded(toRankOf: spread) * spread
    }
}
