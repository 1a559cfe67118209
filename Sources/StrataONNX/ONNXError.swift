internal import StrataGraph

/// The reason why a network has no ONNX file: the problem and a fix.
package struct ONNXError: Error, Hashable {
    package enum Problem: Hashable {
        /// An operation without counterparts in ONNX.
        case noForm(operation: String)
        /// Something that differs between traces for other numbers of samples.
        ///
        /// - Parameter what: what it is, as the beginning of a sentence: "reshape takes".
        case dependsOnBatch(String)
        /// The same of traces for other lengths.
        case dependsOnSize(String)
        /// An input that is the result of an operation.
        case notAnInput(String)
        /// An input that the network reads, but that is not among its inputs.
        case unknownInput(String)
        /// Traces that do not have the same inputs and outputs.
        case unequalTraces
        case unknownOperatorSet(Int)
        /// More bytes than a protocol buffer message has.
        case tooLarge(byteCount: Int)
    }

    package let problem: Problem

    init(_ problem: Problem) {
        self.problem = problem
    }
}

extension ONNXError: CustomStringConvertible {
    /// Two lines: the problem and the fix.
    package var description: String { "\(sentence)\n  fix: \(fix)" }

    /// The problem, in one sentence without a full stop.
    package var sentence: String {
        switch problem {
        case .noForm(let operation): "the operation \(operation) has no form in ONNX"
        case .dependsOnBatch(let what):
            "\(what) something that depends on the number of samples as no ONNX file can say"
        case .dependsOnSize(let what):
            "\(what) something that depends on the size of the input as no ONNX file can say"
        case .notAnInput(let name): "\(name) is not an input, but the result of an operation"
        case .unknownInput(let name):
            "the network reads an input \(name), which is not among its inputs"
        case .unequalTraces: "the traces of the network have different inputs or outputs"
        case .unknownOperatorSet(let version): "operator set \(version) was asked for"
        case .tooLarge(let byteCount):
            "the weights take \(Double(byteCount).memoryText), more than the 2 GiB that the format holds"
        }
    }

    package var fix: String {
        switch problem {
        case .noForm: "export a model without it, such as the layers before it"
        case .dependsOnBatch: "give the inputs a fixed number of samples"
        case .dependsOnSize: "give the inputs shapes in which only the number of samples is open"
        case .notAnInput: "give the symbol of an input"
        case .unknownInput: "add it to the inputs"
        case .unequalTraces: "trace one network, for other shapes of its inputs"
        case .unknownOperatorSet:
            "use \(ONNXFile.operatorSets.lowerBound) to \(ONNXFile.operatorSets.upperBound)"
        case .tooLarge: "export a smaller model, or parts of it"
        }
    }

    /// The fix, in a caller's words where other shapes of its inputs help.
    ///
    /// - Parameters:
    ///   - batch: if the network depends on the number of samples.
    ///   - size: if it depends on another length.
    package func fix(batch: String, size: String) -> String {
        switch problem {
        case .dependsOnBatch: batch
        case .dependsOnSize: size
        case .noForm, .notAnInput, .unknownInput, .unequalTraces, .unknownOperatorSet, .tooLarge:
            fix
        }
    }
}
