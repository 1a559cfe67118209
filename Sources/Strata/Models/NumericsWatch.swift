internal import StrataGraph

/// The values of variables before a step, for ``Model/debugNumerics``.
///
/// What a step leaves is what the next one begins with, so that each step reads each variable once.
struct NumericsWatch {
    private var known: [Variable: (version: Int, value: Tensor)] = [:]

    /// Reads the variables that have changed since.
    mutating func look(at variables: [Variable]) throws(VariableError) {
        for variable in variables where known[variable]?.version != variable.version {
            known[variable] = (variable.version, try variable.value)
        }
    }

    /// Gives the variables the values that ``look(at:)`` has seen.
    mutating func restore(_ variables: [Variable]) throws(VariableError) {
        for variable in variables {
            guard let (version, value) = known[variable], version != variable.version else {
                continue
            }
            try variable.assign(value)
            known[variable] = (variable.version, value)
        }
    }

    /// The first of the variables with a value that is not finite.
    func firstNotFinite(_ variables: [Variable]) -> (variable: Variable, value: Float)? {
        for variable in variables {
            guard let tensor = known[variable]?.value, !tensor.isFinite else { continue }
            return (variable, tensor.firstNotFinite?.value ?? .nan)
        }
        return nil
    }
}
