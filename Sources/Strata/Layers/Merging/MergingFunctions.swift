// Keras 3.15.1's functions beside its merging layers (`keras.layers.add`): each makes the layer and applies
// it at once.

/// The sum of tensors, element by element; see ``Add``.
public func add(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Add(name: name)(inputs)
}

/// The first of two tensors less the second; see ``Subtract``.
public func subtract(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Subtract(name: name)(inputs)
}

/// The product of tensors, element by element; see ``Multiply``.
public func multiply(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Multiply(name: name)(inputs)
}

/// The mean of tensors, element by element; see ``Average``.
public func average(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Average(name: name)(inputs)
}

/// The largest of tensors, element by element; see ``Maximum``.
public func maximum(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Maximum(name: name)(inputs)
}

/// The smallest of tensors, element by element; see ``Minimum``.
public func minimum(_ inputs: [SymbolicTensor], name: String? = nil) -> SymbolicTensor {
    Minimum(name: name)(inputs)
}

/// Tensors joined along an axis; see ``Concatenate``.
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
