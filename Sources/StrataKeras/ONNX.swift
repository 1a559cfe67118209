// The functions are named as in C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CStrataKeras
internal import StrataEngine
internal import StrataGraph
internal import StrataONNX

@c @implementation
public func strata_keras_onnx(
    _ name: UnsafePointer<CChar>?, _ traces: UnsafePointer<strata_trace>?, _ traceCount: Int64,
    _ inputNames: UnsafePointer<UnsafePointer<CChar>?>?, _ inputCount: Int64,
    _ outputNames: UnsafePointer<UnsafePointer<CChar>?>?, _ outputCount: Int64,
    _ operatorSet: Int64, _ receiver: strata_bytes_receiver?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
    status {
        let name = try text(name, "the network's name")
        let inputNames = try texts(inputNames, inputCount, "names of inputs")
        let outputNames = try texts(outputNames, outputCount, "names of outputs")
        var symbols: [BatchTrace.Symbols] = []
        for trace in try elements(traces, traceCount, "traces") {
            symbols.append(try BatchTrace.Symbols(trace, inputCount, outputCount))
        }
        guard (2...3).contains(symbols.count) else {
            throw GraphError.argument("\(symbols.count) traces were given", fix: "give 2 or 3")
        }
        guard let receiver else {
            throw GraphError.argument("the pointer to the receiver is null", fix: "give a function")
        }
        let file: ONNXFile
        do {
            let trace = try BatchTrace(
                symbols[0], otherBatch: symbols[1],
                otherSize: symbols.count > 2 ? symbols[2] : nil)
            file = try ONNXFile(
                trace, name: name, inputNames: inputNames, outputNames: outputNames,
                operatorSet: operatorSet == 0 ? ONNXFile.defaultOperatorSet : Int(operatorSet),
                engine: CPUEngine())
            try file.checkSize()
        } catch let error as ONNXError {
            throw GraphError(error)
        }
        file.bytes.withUnsafeBytes { receiver(context, $0.baseAddress, Int64($0.count)) }
    }
}

private func texts(
    _ pointer: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int64, _ what: String
) throws(GraphError) -> [String] {
    var texts: [String] = []
    for pointer in try elements(pointer, count, what) {
        texts.append(try text(pointer, "one of the \(what)"))
    }
    return texts
}

extension BatchTrace.Symbols {
    fileprivate init(
        _ trace: strata_trace, _ inputCount: Int64, _ outputCount: Int64
    ) throws(GraphError) {
        let handles = HandleTable.shared
        self.init(
            inputs: try handles.symbols(elements(trace.inputs, inputCount, "inputs")),
            outputs: try handles.symbols(elements(trace.outputs, outputCount, "outputs")))
    }
}

extension GraphError {
    /// The same problem, with a cure in the words of Keras.
    fileprivate init(_ error: ONNXError) {
        let fix = error.fix(
            batch: "give export an input_signature with a fixed number of samples, such as "
                + "[keras.InputSpec(shape=(1, 28, 28, 3), dtype=\"float32\")]",
            size: "give export an input_signature in which only the number of samples is open, "
                + "such as [keras.InputSpec(shape=(None, 28, 28, 3), dtype=\"float32\")]")
        self.init(.invalidArgument(error.sentence, fix: fix))
    }
}
