// Keras 3.15.1's functions beside its merging layers (`keras.layers.add`): each creates and applies
// the layer.

/// Elementwise sum of tensors; see ``Add``.
public func add(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Add(name: name)(inputs)
}

/// Elementwise difference of two tensors; see ``Subtract``.
public func subtract(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Subtract(name: name)(inputs)
}

/// Elementwise product of tensors; see ``Multiply``.
public func multiply(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Multiply(name: name)(inputs)
}

/// Elementwise mean of tensors; see ``Average``.
public func average(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Average(name: name)(inputs)
}

/// Elementwise maximum of tensors; see ``Maximum``.
public func maximum(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Maximum(name: name)(inputs)
}

/// Elementwise minimum of tensors; see ``Minimum``.
public func minimum(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Minimum(name: name)(inputs)
}

/// Tensors concatenated along an axis; see ``Concatenate``.
public func concatenate(
    _ inputs: [SymbolicTensor], axis: Int = -1, name: String? = nil
) -> SymbolicTensor {
    Concatenate(axis: axis, name: name)(inputs)
}

/// Products of vectors along an axis of two tensors, summed; see ``Dot``.
public func dot(
    _ inputs: [SymbolicTensor], axes: Int, normalize: Bool = false, name: String? = nil
) -> SymbolicTensor {
    Dot(axes: axes, normalize: normalize, name: name)(inputs)
}

/// The same along an axis of each.
public func dot(
    _ inputs: [SymbolicTensor], axes: (Int, Int), normalize: Bool = false, name: String? = nil
) -> SymbolicTensor {
    Dot(axes: axes, normalize: normalize, name: name)(inputs)
}
