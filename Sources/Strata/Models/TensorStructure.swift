/// How several tensors are held together: alone, in lists, or in dictionaries by names.
///
/// Keras gives and takes the inputs and outputs of a model so; here they are one list, in Keras's order:
/// members of dictionaries are ordered by their names.
indirect enum TensorStructure: Sendable, Hashable {
    case tensor
    case list([TensorStructure])
    case dictionary([String: TensorStructure])

    /// A tensor alone, or a list of several.
    init(count: Int) {
        self = count == 1 ? .tensor : .list(Array(repeating: .tensor, count: count))
    }

    /// The names of the tensors, where they are the members of one dictionary.
    var names: [String]? {
        guard case .dictionary(let members) = self, members.values.allSatisfy({ $0 == .tensor })
        else { return nil }
        return members.keys.sorted()
    }

    /// The structure with values in place of its tensors.
    func json(_ values: [JSONValue]) -> JSONValue {
        var left = values[...]
        return filled(&left)
    }

    private func filled(_ values: inout ArraySlice<JSONValue>) -> JSONValue {
        switch self {
        case .tensor: return values.popFirst() ?? .null
        case .list(let items): return .array(items.map { $0.filled(&values) })
        case .dictionary(let members):
            var object: [String: JSONValue] = [:]
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                object[name] = member.filled(&values)
            }
            return .object(object)
        }
    }
}
