internal import StrataGraph

/// The weights in a file of Keras 1 or 2, such as those of the official applications.
///
/// A group for each layer, listed in the attribute `layer_names`; in each the attribute
/// `weight_names` lists its datasets. Source: Keras 3.15.1, `legacy_h5_format`.
struct LegacyWeights {
    private let layers: [(name: String, weights: [Tensor])]

    /// - Parameter root: the root of a weights file, or of a file with a whole model.
    /// - Returns: `nil` if this is not such a file.
    init?(_ root: HDF5Group) throws(FileError) {
        var group = root
        if root.texts("layer_names") == nil, let inner = root.groups["model_weights"] {
            group = inner
        }
        guard let names = group.texts("layer_names") else { return nil }
        // A name may occur many times in the list; it is looked up once.
        var known: [String: [Tensor]] = [:]
        layers = try names.map { name throws(FileError) in
            if let weights = known[name] { return (name, weights) }
            guard let layer = group.member(name) else {
                throw FileError("layer \(name) is listed, but not here")
            }
            let weights = try (layer.texts("weight_names") ?? []).map { weight throws(FileError) in
                guard let tensor = layer.tensor(weight) else {
                    throw FileError("weight \(weight) is listed, but not here", location: [name])
                }
                return tensor
            }
            known[name] = weights
            return (name, weights)
        }
    }

    /// The layers of the file with names of the model's layers; of duplicates, the last one.
    func matchedByName(_ model: Model) -> WeightMatching {
        var matching = WeightMatching()
        var named: [String: [Tensor]] = [:]
        for (name, weights) in layers { named[name] = weights }
        for layer in model.layers where !layer.legacyWeights.isEmpty {
            if let found = named.removeValue(forKey: layer.name) {
                matching.match(
                    "layer \(layer.name)", layer.legacyWeights, found, skipsRest: false)
            } else {
                matching.report.missing.append("layer \(layer.name)")
            }
        }
        matching.report.unused = layers.map(\.name)
            .filter { named[$0]?.isEmpty == false }.map { "layer \($0)" }
        return matching
    }

    /// The layers with weights, in the order of the file and of the model.
    ///
    /// - Throws: if the numbers of layers or of a layer's weights differ: then the file belongs to
    ///   another model, and Keras does not skip anything either.
    func matchedByPosition(
        _ model: Model, skipMismatch: Bool
    ) throws(FileError) -> WeightMatching {
        var matching = WeightMatching()
        let found = layers.filter { !$0.weights.isEmpty }
        let expected = model.layers.filter { !$0.legacyWeights.isEmpty }
        guard found.count == expected.count else {
            throw FileError(
                "the file has \(found.count) layers with weights, but the model "
                    + "\(expected.count)", cure: .init(call: "load with byName: true"))
        }
        for (layer, (name, weights)) in zip(expected, found) {
            let own = layer.legacyWeights
            let what = layer.name == name ? "layer \(name)" : "layer \(layer.name) (\(name))"
            if weights.count != own.count {
                throw FileError(
                    "\(what) has \(own.count) weights, the file \(weights.count)",
                    cure: .init(call: "load with byName: true"))
            }
            matching.match(what, own, weights, skipsRest: false)
        }
        return matching
    }
}

extension Layer {
    /// The weights in the order of those files.
    fileprivate var legacyWeights: [Variable] { trainableWeights + nonTrainableWeights }
}

extension HDF5Group {
    /// The strings of an attribute; longer lists are continued in numbered attributes.
    fileprivate func texts(_ name: String) -> [String]? {
        if let all = textLists[name] { return all }
        var parts: [String] = []
        var index = 0
        while let part = textLists["\(name)\(index)"] {
            parts += part
            index += 1
        }
        return index > 0 ? parts : nil
    }

    /// The group at a path such as `a/b`.
    fileprivate func member(_ path: String) -> HDF5Group? {
        path.split(separator: "/").reduce(self) { group, name in group?.groups[String(name)] }
    }

    /// The tensor at a path such as `conv/kernel:0`.
    fileprivate func tensor(_ path: String) -> Tensor? {
        var names = path.split(separator: "/").map(String.init)
        guard let last = names.popLast() else { return nil }
        return member(names.joined(separator: "/"))?.tensors[last]
    }
}
