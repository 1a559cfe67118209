/// The structure of several tensors: a single one, lists, or dictionaries by names.
///
/// The inputs and outputs of a Keras model have such a structure; here they are one list in Keras's
/// order, with members of dictionaries ordered by name.
indirect enum TensorStructure: Sendable, Hashable {
    case tensor
    case list([TensorStructure])
    case dictionary([String: TensorStructure])

    /// A single tensor, or a list of several.
    init(count: Int) {
        self = count == 1 ? .tensor : .list(Array(repeating: .tensor, count: count))
    }

    /// The names of the tensors, if they are the members of one dictionary.
    var names: [String]? {
        guard case .dictionary(let members) = self, members.values.allSatisfy({ $0 == .tensor })
        else { return nil }
        return members.keys.sorted()
    }

    /// The structure with values instead of its tensors.
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
