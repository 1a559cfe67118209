internal import StrataGraph

extension Model {
    /// Exports the model's computation to an ONNX file, for other runtimes.
    ///
    /// The file has operator set 17 and accepts any batch size, and images of any size if the model
    /// does and ONNX can express the dependence. Inputs and outputs keep the names of their layers,
    /// images keep their data format, and dropout is removed. Computation in `bfloat16` is written
    /// as `float32`.
    ///
    /// ```swift
    /// try model.export("fashion.onnx")
    /// ```
    ///
    /// - Parameters:
    ///   - path: a path that ends in `.onnx`. An existing file is replaced atomically.
    ///   - inputShapes: one for each input, with the batch size first, to fix open lengths; the
    ///     model's own if left out.
    /// - Throws: a ``ModelError`` if the model does not accept a shape, or has a computation that
    ///   ONNX cannot express; a ``FileError`` if the file cannot be written.
    ///
    /// Keras 3.15.1 `Model.export(format="onnx")`.
    public func export(_ path: String, inputShapes: [Shape]? = nil) throws {
        try export(to: path, inputShapes: inputShapes)
    }

    /// Exports to an ONNX file; the same as ``export(_:inputShapes:)``.
    public func export(to path: String, inputShapes: [Shape]? = nil) throws {
        guard path.hasSuffix(".onnx") else {
            throw FileError("the name should end in .onnx", path: path)
        }
        let file = try during(.computing) { try onnxFile(inputShapes: inputShapes) }
        // A protocol buffer message is smaller than 2 GiB.
        guard file.weightByteCount < 1 << 31 - 1 << 20 else {
            throw FileError(
                "the weights take more than the 2 GiB that the format holds", path: path)
        }
        try FileContents.write(file.bytes, to: path)
    }

    func onnxFile(inputShapes: [Shape]? = nil) throws -> ONNXFile {
        guard wiring != nil else { throw ModelError(.unbuilt(model: name)) }
        let shapes = inputShapes ?? self.inputShapes
        guard shapes.count == inputs.count else {
            throw ModelError(
                .wrongTensorCount(what: "shapes", got: shapes.count, expected: inputs.count))
        }
        let layers = inputs.map { ($0.producer as? LayerCall)?.layer.name ?? "input" }
        for (layer, (own, shape)) in zip(layers, zip(self.inputShapes, shapes))
        where own.rank != shape.rank
            || !zip(own.dimensions, shape.dimensions).allSatisfy({
                $0 == nil || $0 == $1
            })
        {
            throw ModelError(
                .invalidArgument(
                    "the input \(layer) takes \(own), not \(shape)",
                    fix: "keep the lengths that the model fixes, and give those that it leaves open"
                ))
        }
        let names = unique(layers + outputNames)
        let inputNames = Array(names[..<inputs.count])
        let trace = try BatchTrace(self, names: inputNames, shapes: shapes)
        let values = trace.graph.outputs
        let declarations = try zip(inputNames, values).map { name, value in
            ONNXFile.Declaration(
                name: name, dtype: trace.graph[value].dtype, shape: try trace.shape(value))
        }
        let outputNames = names[inputs.count...]
        var translation = ONNXTranslation(
            trace,
            writer: ONNXWriter(name: name, inputs: declarations, taken: Array(outputNames)),
            variableNames: variableNames)
        try translation.run()
        for (name, value) in zip(outputNames, values[inputs.count...]) {
            try translation.writer.addOutput(translation[value], name)
        }
        return translation.writer.file
    }

    /// `layer/kernel` for each weight.
    private var variableNames: [Variable: String] {
        var names: [Variable: String] = [:]
        func visit(_ layer: Layer, _ path: String) {
            for variable in layer.variables { names[variable] = "\(path)\(variable.name)" }
            for inner in layer.sublayers { visit(inner, "\(path)\(inner.name)/") }
        }
        visit(self, "")
        return names
    }

    /// The names, with numbers for duplicates.
    private func unique(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            var (result, count) = (name, 0)
            while !taken.insert(result).inserted {
                count += 1
                result = "\(name)_\(count)"
            }
            return result
        }
    }
}
