extension Model {
    /// Saves the weights, and the optimizer's state if the model is compiled, to a file that Keras
    /// 3.15.1 also opens (`save_weights`).
    ///
    /// - Parameters:
    ///   - path: a path that ends in `.weights.h5`, or in `.weights.json` for several files, which
    ///     are then beside it. An existing file is replaced atomically.
    ///   - maxShardSize: the maximum size of each file, in gigabytes of 1024³ bytes; one file if
    ///     left out.
    ///   - overwrite: whether an existing file may be replaced.
    /// - Throws: a ``FileError`` if the file cannot be written, or a single weight is larger than a
    ///   file may be; a ``ModelError`` if the model has no weights yet.
    public func saveWeights(
        _ path: String, maxShardSize: Double? = nil, overwrite: Bool = true
    ) throws {
        try saveWeights(to: path, maxShardSize: maxShardSize, overwrite: overwrite)
    }

    /// Saves the weights; the same as ``saveWeights(_:maxShardSize:overwrite:)``.
    public func saveWeights(
        to path: String, maxShardSize: Double? = nil, overwrite: Bool = true
    ) throws {
        let ending = maxShardSize == nil ? ".weights.h5" : ShardedWeights.ending
        guard path.hasSuffix(ending) else {
            throw FileError("the name should end in \(ending)", path: path)
        }
        if !overwrite { try FileContents.checkIsFree(path) }
        guard wiring != nil else { throw ModelError(.unbuilt(model: name)) }
        let weights = try during(.computing) { try weightGroups() }
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

    /// Loads the weights from a file that Strata or Keras saved (`load_weights`).
    ///
    /// ```swift
    /// try model.loadWeights("best.weights.h5")
    /// let report = try model.loadWeights(
    ///     "resnet50_weights_tf_dim_ordering_tf_kernels.h5", byName: true,
    ///     skipMismatch: true)
    /// ```
    ///
    /// By position, the layers of the file and of the model must match in number and order. By
    /// name, layers that only one of them has are skipped. If the model is compiled and the file
    /// has an optimizer state, that is restored; a state that does not fit is only reported. If an
    /// error is thrown, nothing has changed.
    ///
    /// - Parameters:
    ///   - path: a `.weights.h5` or `.keras` file, a `.weights.json` index of files beside it, or
    ///     an `.h5` file of Keras 1 or 2.
    ///   - byName: whether layers are matched by name instead of by position.
    ///   - skipMismatch: whether weights that do not match are skipped instead of an error.
    /// - Returns: a report of mismatched, missing and unused weights.
    /// - Throws: a ``FileError`` if the file cannot be read, or with all mismatches; a
    ///   ``ModelError`` if the model has no weights yet.
    @discardableResult
    public func loadWeights(
        _ path: String, byName: Bool = false, skipMismatch: Bool = false
    ) throws -> WeightReport {
        try loadWeights(from: path, byName: byName, skipMismatch: skipMismatch)
    }

    /// Loads the weights; the same as ``loadWeights(_:byName:skipMismatch:)``.
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

    /// The weights in a file of any supported kind.
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
        try matchOptimizer(root, &matching)
        try matching.values.assign()
        return matching.report
    }

    static let optimizerGroup = "optimizer"

    /// The tree of groups of a weights file.
    ///
    /// - Throws: where the engine cannot give a value.
    func weightGroups() throws -> HDF5Group {
        var weights = try WeightLayout(self).group
        if let compilation {
            let state = compilation.optimizerState
            let untrained = OptimizerState(compilation.optimizer, weights: [])
            let variables = state?.variables ?? untrained.variablesBeforeTraining
            try weights.insert(
                HDF5Group(
                    variables: variables.map { try $0.value }, name: compilation.optimizerName),
                at: [Model.optimizerGroup])
            if let inner = (state ?? untrained).innerVariables {
                try weights.insert(
                    HDF5Group(
                        variables: inner.map { try $0.value },
                        name: compilation.optimizer.inner.name),
                    at: [Model.optimizerGroup, "inner_optimizer"])
            }
        }
        return weights
    }

    /// The optimizer's variables for a file with a number of them: an untrained model saves only
    /// those that an optimizer has from the start.
    ///
    /// - Throws: if there is no memory for them.
    func optimizerVariables(savedCount: Int) throws(FileError) -> [Variable] {
        do throws(ModelError) {
            try prepareTraining()
        } catch {
            throw FileError(error.problem.sentence, fix: error.problem.fix)
        }
        let untrained = self.compilation?.optimizerState?.variablesBeforeTraining ?? []
        return savedCount == untrained.count ? untrained : optimizerVariables
    }

    /// Keras skips a state that does not fit, with a warning.
    private func matchOptimizer(
        _ root: HDF5Group, _ matching: inout WeightMatching
    ) throws(FileError) {
        guard let compilation,
            let found = root.variables(at: [Model.optimizerGroup])?.numberedTensors
        else { return }
        var own = WeightMatching()
        own.match(
            "optimizer \(compilation.optimizerName)",
            try optimizerVariables(savedCount: found.count), found, skipsRest: true)
        matching.report.mismatches += own.report.mismatches
        if own.report.mismatches.isEmpty { matching.add(own) }
    }
}

extension HDF5Group {
    /// The tensors `0`, `1`, … of the group, up to the first missing one.
    var numberedTensors: [Tensor] {
        var found: [Tensor] = []
        while let next = tensors["\(found.count)"] { found.append(next) }
        return found
    }

    /// The group with current names: Keras 2.13 kept layers in `_layer_checkpoint_dependencies`.
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
    /// Pairs the weights of layers with those of the file by position.
    func matched(_ root: HDF5Group) -> WeightMatching {
        var matching = WeightMatching()
        for entry in entries where !entry.variables.isEmpty {
            let found = root.variables(at: entry.path)
            matching.match(
                "layer \(entry.layer.name)", entry.variables, found?.numberedTensors ?? [],
                skipsRest: true)
        }
        return matching
    }

    /// Pairs the weights of layers with those of the file by name.
    func matchedByName(_ root: HDF5Group) -> WeightMatching {
        var matching = WeightMatching()
        var named: [String: [Tensor]] = [:]
        root.collectNamed(into: &named)
        for entry in entries where !entry.variables.isEmpty {
            let layer = "layer \(entry.layer.name)"
            if let found = named.removeValue(forKey: entry.layer.name) {
                matching.match(layer, entry.variables, found, skipsRest: true)
            } else {
                matching.report.missing.append(layer)
            }
        }
        matching.report.unused = named.keys.sorted().map { "layer \($0)" }
        return matching
    }
}

extension HDF5Group {
    /// The layers with variables in a weights file, by name; of duplicates, the first one.
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
