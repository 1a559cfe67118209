internal import StrataGraph
internal import StrataONNX

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
        do throws(ONNXError) {
            try file.checkSize()
        } catch {
            throw FileError(error.sentence, path: path)
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
        do {
            return try ONNXFile(
                batchTrace(shapes), name: name, inputNames: layers, outputNames: outputNames,
                variableNames: variableNames, engine: computeEngine)
        } catch let error as ONNXError {
            throw ModelError(error)
        }
    }

    /// The model's symbols for several numbers of samples, and several lengths of axes that are open.
    private func batchTrace(_ shapes: [Shape]) throws -> BatchTrace {
        // Primes, so that a multiple of one is rarely one of the other by chance.
        let counts = (5, 7)
        // Multiples of 32, as networks halve images.
        let size = [320, 384, 448]
        let symbols = symbols(shapes, count: counts.0, size: size)
        let other = self.symbols(shapes, count: counts.1, size: size)
        guard shapes.contains(where: { $0.dimensions.dropFirst().contains(nil) }) else {
            return try BatchTrace(symbols, otherBatch: other)
        }
        // Odd lengths distinguish more, but some models accept only even ones.
        let odd = self.symbols(shapes, count: counts.0, size: [449, 577, 385])
        let isAccepted = odd.outputs.allSatisfy { $0.error == nil }
        let resized =
            isAccepted ? odd : self.symbols(shapes, count: counts.0, size: [448, 576, 384])
        return try BatchTrace(symbols, otherBatch: other, otherSize: resized)
    }

    private func symbols(_ shapes: [Shape], count: Int, size: [Int]) -> BatchTrace.Symbols {
        let inputs = zip(self.inputs, shapes).enumerated().map { number, input in
            var shape = input.1
            for axis in 0..<shape.rank {
                shape[axis] = shape[axis] ?? (axis == 0 ? count : size[(axis - 1) % size.count])
            }
            return SymbolicTensor.input("\(number)", shape, dtype: input.0.dtype)
        }
        let outputs = call(inputs, CallContext(isTraining: false))
        return BatchTrace.Symbols(
            inputs: inputs, outputs: outputs.map { $0.cast(to: .float32) })
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
}

extension ModelError {
    /// The same problem, with a cure in the words of this library.
    fileprivate init(_ error: ONNXError) {
        let fix = error.fix(
            batch: "make the model with Input(shape:batchSize:), for one number of samples",
            size: "give export(_:inputShapes:) a shape in which only the first length is open; "
                + "strata convert has --input-shape for it")
        self.init(.invalidArgument(error.sentence, fix: fix))
    }
}
