package import StrataGraph

extension ONNXFile {
    /// Translates a network.
    ///
    /// - Parameters:
    ///   - inputNames: one for each input. Equal names get numbers.
    ///   - outputNames: one for each output.
    ///   - variableNames: names of weights other than the variables' own.
    ///   - operatorSet: one of ``operatorSets``.
    ///   - engine: computes what depends on weights alone.
    /// - Throws: an ``ONNXError`` if ONNX cannot express the network; the engine's error, or a
    ///   variable's.
    package init(
        _ trace: BatchTrace, name: String, inputNames: [String], outputNames: [String],
        variableNames: [Variable: String] = [:], operatorSet: Int = ONNXFile.defaultOperatorSet,
        engine: any Engine
    ) throws {
        guard Self.operatorSets.contains(operatorSet) else {
            throw ONNXError(.unknownOperatorSet(operatorSet))
        }
        let names = Self.distinct(inputNames + outputNames)
        let outputNames = Array(names.dropFirst(inputNames.count))
        self.init(name: name, operatorSet: operatorSet)
        var numbers: [Int: String] = [:]
        for (name, value) in zip(names, trace.inputs) {
            guard case .input = trace.graph.nodes[value.node].operation else {
                throw ONNXError(.notAnInput(name))
            }
            numbers[value.node] = name
            inputs.append(
                Declaration(
                    name: name, dtype: trace.graph[value].dtype, shape: try trace.shape(value)))
        }
        var translation = ONNXTranslation(
            trace, writer: ONNXWriter(self, taken: outputNames, engine: engine),
            inputNames: numbers, variableNames: variableNames)
        try translation.run()
        for (name, value) in zip(outputNames, trace.outputs) {
            try translation.writer.addOutput(translation[value], name)
        }
        self = translation.writer.file
    }

    /// The names, with numbers for duplicates.
    private static func distinct(_ names: [String]) -> [String] {
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
