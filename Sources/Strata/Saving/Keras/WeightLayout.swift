internal import StrataGraph

/// The paths of the weights of a layer and its inner layers in the groups of a Keras weights file
/// (3.15.1, `saving_lib._save_state`).
///
/// A model's layers are in the group `layers`, each in a group named for its class, `conv2d`,
/// `conv2d_1`, …; inner layers are in groups named for the property that contains them. The
/// variables of each are `vars/0`, `vars/1`, ….
struct WeightLayout {
    struct Entry {
        let path: [String]
        let layer: Layer
        /// In the order of their indices.
        let variables: [Variable]
    }

    private(set) var entries: [Entry] = []
    private var visited: Set<ObjectIdentifier> = []

    init(_ layer: Layer) {
        visit(layer, at: [])
    }

    private mutating func visit(_ layer: Layer, at path: [String]) {
        // Shared weights are at their first occurrence.
        guard visited.insert(ObjectIdentifier(layer)).inserted else { return }
        entries.append(Entry(path: path, layer: layer, variables: layer.savedVariables))
        // Keras goes by the names, those of private attributes last.
        let order = { (name: String) in name.hasPrefix("_") ? "~\(name)" : name }
        for tracked in layer.trackedLayers.sorted(by: { order($0.name) < order($1.name) }) {
            switch tracked {
            case .layer(let name, let inner): visit(inner, at: path + [name])
            case .layers(let name, let inner): visit(inner, at: path + [name])
            }
        }
    }

    private mutating func visit(_ layers: [Layer], at path: [String]) {
        var counts: [String: Int] = [:]
        for layer in layers {
            let base = LayerNames.snakeCase(type(of: layer).className)
            let count = counts[base, default: 0]
            counts[base] = count + 1
            visit(layer, at: path + [count == 0 ? base : "\(base)_\(count)"])
        }
    }

    /// The groups with the values of all weights.
    ///
    /// - Throws: where the engine cannot give a value.
    var group: HDF5Group {
        get throws {
            var root = HDF5Group()
            for entry in entries {
                let values = try entry.variables.map { try $0.value }
                root.insert(
                    HDF5Group(variables: values, name: entry.layer.name), at: entry.path[...])
            }
            return root
        }
    }

    /// The values for all weights, each of its variable's shape.
    ///
    /// - Throws: a ``FileError`` with the layer whose weights are missing or have other shapes.
    func values(in root: HDF5Group) throws(FileError) -> [(variable: Variable, value: Tensor)] {
        var values: [(variable: Variable, value: Tensor)] = []
        for entry in entries where !entry.variables.isEmpty {
            let layer = "layer \(entry.layer.name) (\(type(of: entry.layer).className))"
            values += try locating(in: (entry.path + [HDF5Group.variables]).joined(separator: "/"))
            {
                () throws(FileError) in
                try root.values(of: entry.variables, at: entry.path, owner: layer)
            }
        }
        return values
    }
}

extension HDF5Group {
    /// Keras's name for the group of an object's own variables.
    static let variables = "vars"

    /// A group for an object's variables, numbered from 0.
    init(variables: [Tensor], name: String) {
        let numbered = variables.enumerated().map { ("\($0)", $1) }
        self.init(
            groups: [
                Self.variables: HDF5Group(
                    attributes: ["name": name],
                    tensors: Dictionary(uniqueKeysWithValues: numbered))
            ])
    }

    /// Adds the groups of another one to the group at `path`, which is created if it is missing.
    mutating func insert(_ group: HDF5Group, at path: ArraySlice<String>) {
        guard let first = path.first else {
            groups.merge(group.groups) { $1 }
            return
        }
        groups[first, default: HDF5Group()].insert(group, at: path.dropFirst())
    }

    /// The variables of the object whose group is at `path`; `nil` if it has none.
    func variables(at path: [String]) -> HDF5Group? {
        (path + [Self.variables]).reduce(self) { group, name in group?.groups[name] }
    }

    /// The values for these variables from the group at `path`.
    ///
    /// - Parameter owner: the owner's name, for errors.
    func values(
        of variables: [Variable], at path: [String], owner: String
    ) throws(FileError) -> [(variable: Variable, value: Tensor)] {
        let found = self.variables(at: path)?.tensors ?? [:]
        if found.count != variables.count {
            throw FileError("\(owner) has \(variables.count) weights, but \(found.count) are here")
        }
        var values: [(variable: Variable, value: Tensor)] = []
        for (index, variable) in variables.enumerated() {
            guard let value = found["\(index)"] else {
                throw FileError("weight \(index) of \(owner) is missing")
            }
            if value.shape != variable.shape {
                throw FileError(
                    "\(variable.name) of \(owner) has shape \(variable.shape), "
                        + "but shape \(value.shape) is here", location: ["\(index)"])
            }
            values.append((variable, value))
        }
        return values
    }
}

extension [(variable: Variable, value: Tensor)] {
    /// Gives each variable its value.
    func assign() throws(FileError) {
        for (variable, value) in self {
            do throws(VariableError) {
                try variable.assign(value)
            } catch {
                throw FileError(error)
            }
        }
    }
}
