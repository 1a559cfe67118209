/// The operations between layers by which Keras's functional models compute masks.
///
/// Keras 3.15.1 lists them (`NotEqual`, `Any`, …) and passes their results to layers as `mask`.
/// Layers here compute the same masks themselves, so such operations are left out, unless something
/// else depends on them.
struct MaskOperations {
    private static let classNames: Set<String> = [
        "NotEqual", "Any", "LogicalOr", "ExpandDims", "Squeeze", "ZerosLike", "OnesLike",
        "Concatenate", "Cast",
    ]

    fileprivate struct Entry {
        let className: String
        let isOperation: Bool
        /// Whether the layer creates a mask.
        let makesMask: Bool
        /// The operations that it is computed from.
        var sources: Set<String> = []
        /// The origins of its masks.
        var masks: Set<String> = []
    }

    private var entries: [String: Entry] = [:]

    /// The names of the operations to leave out.
    ///
    /// - Throws: if a mask is computed in another way than by layers.
    static func names(in configuration: Configuration) throws(ConfigurationError) -> Set<String> {
        var operations = MaskOperations()
        for value in try configuration.array("layers") {
            guard case .object(let members) = value, case .string(let name)? = members["name"]
            else {
                continue
            }
            operations.entries[name] = Entry(members)
        }
        guard operations.entries.values.contains(where: { !$0.masks.isEmpty }) else { return [] }
        return try operations.unneeded(
            outputs: configuration.value("output_layers")?.texts ?? [], configuration)
    }

    private func unneeded(
        outputs: Set<String>, _ configuration: Configuration
    ) throws(ConfigurationError) -> Set<String> {
        let needed = reachable(from: outputs)
        let masks = reachable(from: Set(entries.values.flatMap(\.masks))).subtracting(needed)
        let masked = Set(entries.values.filter(\.makesMask).flatMap(\.sources))
        for name in masks.sorted() {
            guard let entry = entries[name], entry.isOperation else { continue }
            let isKnown = Self.classNames.contains(entry.className)
            guard isKnown, entry.className != "NotEqual" || entry.sources.isSubset(of: masked)
            else {
                throw ConfigurationError(
                    path: configuration.path("layers"),
                    message:
                        "a mask is made by the operation \(name) (\(entry.className)), not by a "
                        + "layer", cure: .init("let Masking or Embedding make it"))
            }
        }
        return masks.filter { entries[$0]?.isOperation == true }
    }

    private func reachable(from names: Set<String>) -> Set<String> {
        var (found, open) = (names, Array(names))
        while let name = open.popLast() {
            for source in entries[name]?.sources ?? [] where found.insert(source).inserted {
                open.append(source)
            }
        }
        return found
    }
}

extension MaskOperations.Entry {
    fileprivate init(_ members: [String: JSONValue]) {
        if case .string(let name)? = members["class_name"] {
            className = name
        } else {
            className = ""
        }
        if case .string(let module)? = members["module"] {
            isOperation = module.hasPrefix("keras.src.ops")
        } else {
            isOperation = false
        }
        let hidesZero = members["config"]?["mask_zero"] == .bool(true)
        makesMask = className == "Masking" || hidesZero
        guard case .array(let nodes)? = members["inbound_nodes"] else { return }
        for case .object(let node) in nodes {
            sources.formUnion(node["args"]?.tensorSources ?? [])
            guard case .object(let keywords)? = node["kwargs"] else { continue }
            for (name, value) in keywords {
                if name == "mask" {
                    masks.formUnion(value.tensorSources)
                } else {
                    sources.formUnion(value.tensorSources)
                }
            }
        }
    }
}

extension JSONValue {
    /// The names of the layers whose tensors it contains.
    fileprivate var tensorSources: Set<String> {
        switch self {
        case .array(let items): return items.reduce(into: []) { $0.formUnion($1.tensorSources) }
        case .object(let members):
            if members["class_name"] == "__keras_tensor__",
                case .array(let history)? = members["config"]?["keras_history"],
                case .string(let name)? = history.first
            {
                return [name]
            }
            return members.values.reduce(into: []) { $0.formUnion($1.tensorSources) }
        case .null, .bool, .integer, .number, .string: return []
        }
    }

    /// All strings in lists and objects.
    fileprivate var texts: Set<String> {
        switch self {
        case .string(let text): return [text]
        case .array(let items): return items.reduce(into: []) { $0.formUnion($1.texts) }
        case .object(let members):
            return members.values.reduce(into: []) { $0.formUnion($1.texts) }
        case .null, .bool, .integer, .number: return []
        }
    }
}
