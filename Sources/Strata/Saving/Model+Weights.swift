extension Model {
    /// Writes the weights, and the optimizer's state if the model is compiled, into a file that Keras
    /// 3.15.1 opens too (`save_weights`).
    ///
    /// - Parameters:
    ///   - path: a name that ends in `.weights.h5`; in `.weights.json` where there are to be several
    ///     files, which then stand beside it. A file that is there is replaced whole, or not at all where
    ///     something goes wrong.
    ///   - maxShardSize: what one of several files may hold, in gigabytes of 1024³ bytes; everything in
    ///     one file if left out.
    ///   - overwrite: whether a file that is there may be replaced.
    /// - Throws: a ``FileError`` where the file cannot be written, or one weight alone is larger than a
    ///   file may be; a ``ModelError`` where the model has no weights yet.
    public func saveWeights(
        _ path: String, maxShardSize: Double? = nil, overwrite: Bool = true
    ) throws {
        try saveWeights(to: path, maxShardSize: maxShardSize, overwrite: overwrite)
    }

    /// Writes the weights; the same as ``saveWeights(_:maxShardSize:overwrite:)``.
    public func saveWeights(
        to path: String, maxShardSize: Double? = nil, overwrite: Bool = true
    ) throws {
        let ending = maxShardSize == nil ? ".weights.h5" : ShardedWeights.ending
        guard path.hasSuffix(ending) else {
            throw FileError("the name should end in \(ending)", path: path)
        }
        if !overwrite { try FileContents.checkIsFree(path) }
        guard wiring != nil else { throw ModelError(.unbuilt(model: name)) }
        let weights = try during(.computing) { weightGroups }
        if let maxShardSize {
            let limit = maxShardSize * 0x1p30
            return try locating(path: path) { () throws(FileError) in
                try ShardedWeights.write(
                    weights, to: path, maxByteCount: limit < 0x1p62 ? Int(max(limit, 0)) : .max)
            }
        }
        let bytes = try locating(path: path) { () throws(FileError) in
            try HDF5File.image(of: weights)
        }
        try FileContents.write(bytes, to: path)
    }

    /// Replaces the weights by those of a file that Strata or Keras wrote (`load_weights`).
    ///
    /// ```swift
    /// try model.loadWeights("best.weights.h5")
    /// let report = try model.loadWeights(
    ///     "resnet50_weights_tf_dim_ordering_tf_kernels.h5", byName: true,
    ///     skipMismatch: true)
    /// ```
    ///
    /// By position, the layers of the file and of the model must be the same in number and order. By
    /// name, layers that only one of them has are left alone. If the model is compiled and the file
    /// holds a state for its optimizer, that is restored; one that does not fit is only reported.
    /// Where an error is thrown, nothing was changed.
    ///
    /// - Parameters:
    ///   - path: a `.weights.h5` or `.keras` file, a `.weights.json` file that lists others beside it, or
    ///     an `.h5` file of Keras 1 or 2.
    ///   - byName: whether layers are found by their names instead of their positions.
    ///   - skipMismatch: whether weights of other shapes or numbers are left out, rather than an error.
    /// - Returns: what does not fit, is missing, or was not used.
    /// - Throws: a ``FileError`` where the file cannot be read, or lists all that does not fit; a
    ///   ``ModelError`` where the model has no weights yet.
    @discardableResult
    public func loadWeights(
        _ path: String, byName: Bool = false, skipMismatch: Bool = false
    ) throws -> WeightReport {
        try loadWeights(from: path, byName: byName, skipMismatch: skipMismatch)
    }

    /// Replaces the weights; the same as ``loadWeights(_:byName:skipMismatch:)``.
    @discardableResult
    public func loadWeights(
        from path: String, byName: Bool = false, skipMismatch: Bool = false
    ) throws -> WeightReport {
        guard wiring != nil else { throw ModelError(.unbuilt(model: name)) }
        let weights = try locating(path: path) { () throws(FileError) in
            try Self.weights(at: path)
        }
        return try during(.computing) {
            try locating(path: path) { () throws(FileError) in
                try loadWeights(weights, byName: byName, skipMismatch: skipMismatch)
            }
        }
    }

    /// The weights in a file of any kind that has some.
    private static func weights(at path: String) throws(FileError) -> HDF5Group {
        if FileContents.isFolder(path) { return try KerasFile(contentsOf: path).weights }
        let bytes = try FileContents.read(path)
        if path.hasSuffix(ShardedWeights.ending) { return try ShardedWeights.read(bytes, at: path) }
        let kind = FileKind(bytes, path: path)
        switch kind {
        case .keras, .otherArchive: return try KerasFile(bytes, path: path).weights
        case .hdf5: return try HDF5File.read(bytes)
        case .empty, .numPyArray, .numPyArrays, .safetensors, .onnx, .torch, .liteModel, .picture,
            .compressed, .pdf, .json, .text, .unknown:
            throw kind.error(insteadOf: .weights)
        }
    }

    func loadWeights(
        _ root: HDF5Group, byName: Bool, skipMismatch: Bool
    ) throws(FileError) -> WeightReport {
        var matching: WeightMatching
        if let legacy = try LegacyWeights(root) {
            matching =
                byName
                ? legacy.matchedByName(self)
                : try legacy.matchedByPosition(self, skipMismatch: skipMismatch)
        } else {
            let layout = WeightLayout(self)
            let current = root.withCurrentNames
            matching = byName ? layout.matchedByName(current) : layout.matched(current)
        }
        if !skipMismatch { try matching.checkComplete() }
        matchOptimizer(root, &matching)
        for (variable, value) in matching.values { variable.assign(value) }
        return matching.report
    }

    static let optimizerGroup = "optimizer"

    /// The tree of groups of a weights file.
    var weightGroups: HDF5Group {
        var weights = WeightLayout(self).group
        if let compilation {
            let state = compilation.optimizerState
            let untrained = OptimizerState(compilation.optimizer, weights: [])
            let variables = state?.variables ?? untrained.variablesBeforeTraining
            weights.insert(
                HDF5Group(
                    variables: variables.map(\.value), name: compilation.optimizerName),
                at: [Model.optimizerGroup])
            if let inner = (state ?? untrained).innerVariables {
                weights.insert(
                    HDF5Group(
                        variables: inner.map(\.value), name: compilation.optimizer.inner.name),
                    at: [Model.optimizerGroup, "inner_optimizer"])
            }
        }
        return weights
    }

    /// The optimizer's variables that a file with so many of them has values for: of a model that was
    /// not trained only those are saved that an optimizer has from the beginning.
    func optimizerVariables(savedCount: Int) -> [Variable] {
        prepareTraining()
        let untrained = self.compilation?.optimizerState?.variablesBeforeTraining ?? []
        return savedCount == untrained.count ? untrained : optimizerVariables
    }

    /// Keras leaves a state that does not fit, and warns.
    private func matchOptimizer(_ root: HDF5Group, _ matching: inout WeightMatching) {
        guard let compilation,
            let found = root.variables(at: [Model.optimizerGroup])?.numberedTensors
        else { return }
        var own = WeightMatching()
        own.match(
            "optimizer \(compilation.optimizerName)",
            optimizerVariables(savedCount: found.count), found, skipsRest: true)
        matching.report.mismatches += own.report.mismatches
        if own.report.mismatches.isEmpty { matching.add(own) }
    }
}

extension HDF5Group {
    /// The tensors `0`, `1`, … of the group, up to the first that is not there.
    var numberedTensors: [Tensor] {
        var found: [Tensor] = []
        while let next = tensors["\(found.count)"] { found.append(next) }
        return found
    }

    /// The group with the names of today: Keras 2.13 kept layers in `_layer_checkpoint_dependencies`.
    var withCurrentNames: HDF5Group {
        let old = "_layer_checkpoint_dependencies"
        var group = self
        if groups["layers"] == nil, let layers = group.groups.removeValue(forKey: old) {
            group.groups["layers"] = layers
        }
        group.groups = group.groups.mapValues(\.withCurrentNames)
        return group
    }
}

extension WeightLayout {
    /// The weights of layers with those that stand at their places.
    func matched(_ root: HDF5Group) -> WeightMatching {
        var matching = WeightMatching()
        for place in places where !place.variables.isEmpty {
            let found = root.variables(at: place.path)
            matching.match(
                "layer \(place.layer.name)", place.variables, found?.numberedTensors ?? [],
                skipsRest: true)
        }
        return matching
    }

    /// The weights of layers with those of the file's layers of the same names.
    func matchedByName(_ root: HDF5Group) -> WeightMatching {
        var matching = WeightMatching()
        var named: [String: [Tensor]] = [:]
        root.collectNamed(into: &named)
        for place in places where !place.variables.isEmpty {
            let layer = "layer \(place.layer.name)"
            if let found = named.removeValue(forKey: place.layer.name) {
                matching.match(layer, place.variables, found, skipsRest: true)
            } else {
                matching.report.missing.append(layer)
            }
        }
        matching.report.unused = named.keys.sorted().map { "layer \($0)" }
        return matching
    }
}

extension HDF5Group {
    /// The layers of a weights file with variables, by their names; of several, the first one.
    fileprivate func collectNamed(into named: inout [String: [Tensor]]) {
        for (key, group) in groups.sorted(by: { $0.key < $1.key })
        where key != Model.optimizerGroup {
            if key == Self.variables {
                let tensors = group.numberedTensors
                if let name = group.attributes["name"], !tensors.isEmpty, named[name] == nil {
                    named[name] = tensors
                }
            } else {
                group.collectNamed(into: &named)
            }
        }
    }
}
