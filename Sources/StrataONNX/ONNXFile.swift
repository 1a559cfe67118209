package import StrataGraph

/// An ONNX model, as far as export needs it.
///
/// Field numbers: onnx/onnx.proto of ONNX 1.12, which brought operator set 17. Sets 15 to 18 came with
/// IR version 8.
package struct ONNXFile {
    /// Those that differ from the default in nothing but ``ONNXWriter/reduce(_:_:axes:keepsDimensions:)``.
    package static let operatorSets = 15...18
    package static let defaultOperatorSet = 17
    private static let intermediateRepresentation = 8

    var name: String
    package internal(set) var operatorSet: Int
    package internal(set) var inputs: [Declaration] = []
    package internal(set) var outputs: [Declaration] = []
    package internal(set) var initializers: [(name: String, value: Tensor64)] = []
    package internal(set) var nodes: [Node] = []

    /// An input or an output.
    package struct Declaration {
        package var name: String
        package var dtype: DType
        package var shape: [ONNXDimension]
    }

    /// One call of an operator.
    package struct Node {
        package var operatorName: String
        package var inputs: [String]
        package var outputs: [String]
        package var attributes: [(name: String, value: Attribute)]
    }

    package enum Attribute {
        case integer(Int)
        case integers([Int])
        case number(Float)
        case text(String)
    }

    /// Constants in a file: a tensor, or the 64-bit integers of shapes.
    package enum Tensor64 {
        case tensor(Tensor)
        case integers([Int])
    }

    /// The size of the weights in bytes.
    package var weightByteCount: Int {
        initializers.reduce(0) { sum, entry in
            switch entry.value {
            case .tensor(let tensor): sum + tensor.count * tensor.dtype.onnxByteCount
            case .integers(let values): sum + 8 * values.count
            }
        }
    }

    /// - Throws: if the file would be larger than a protocol buffer message can be, 2 GiB.
    package func checkSize() throws(ONNXError) {
        if weightByteCount >= 1 << 31 - 1 << 20 {
            throw ONNXError(.tooLarge(byteCount: weightByteCount))
        }
    }

    package var bytes: [UInt8] {
        var graph = ProtocolBuffer()
        for (index, node) in nodes.enumerated() { graph.append(1, message(node, index)) }
        graph.append(2, name)
        for (name, value) in initializers { graph.append(5, message(name, value)) }
        for input in inputs { graph.append(11, message(input)) }
        for output in outputs { graph.append(12, message(output)) }
        var operators = ProtocolBuffer()
        operators.append(1, "")
        operators.append(2, operatorSet)
        var model = ProtocolBuffer()
        model.append(1, Self.intermediateRepresentation)
        model.append(2, "Strata")
        model.append(7, graph)
        model.append(8, operators)
        return model.bytes
    }

    private func message(_ node: Node, _ index: Int) -> ProtocolBuffer {
        var message = ProtocolBuffer()
        for input in node.inputs { message.append(1, input) }
        for output in node.outputs { message.append(2, output) }
        message.append(3, "\(node.operatorName)_\(index)")
        message.append(4, node.operatorName)
        for (name, value) in node.attributes {
            var attribute = ProtocolBuffer()
            attribute.append(1, name)
            let type: Int
            switch value {
            case .number(let number):
                attribute.append(2, number)
                type = 1
            case .integer(let number):
                attribute.append(3, number)
                type = 2
            case .integers(let numbers):
                for number in numbers { attribute.append(8, number) }
                type = 7
            case .text(let text):
                attribute.append(4, text)
                type = 3
            }
            attribute.append(20, type)
            message.append(5, attribute)
        }
        return message
    }

    private func message(_ name: String, _ value: Tensor64) -> ProtocolBuffer {
        var message = ProtocolBuffer()
        switch value {
        case .tensor(let tensor):
            let tensor = tensor.dtype == .bfloat16 ? tensor.cast(to: .float32) : tensor
            for length in tensor.shape { message.append(1, length) }
            message.append(2, tensor.dtype.onnxCode)
            message.append(8, name)
            message.append(9, tensor.withUnsafeBytes { Array($0) })
        case .integers(let values):
            message.append(1, values.count)
            message.append(2, 7)
            message.append(8, name)
            message.append(9, values.flatMap { ProtocolBuffer.littleEndian(Int64($0)) })
        }
        return message
    }

    private func message(_ declaration: Declaration) -> ProtocolBuffer {
        var shape = ProtocolBuffer()
        for (axis, length) in declaration.shape.enumerated() {
            var dimension = ProtocolBuffer()
            switch length {
            case .open: dimension.append(2, "\(declaration.name)_\(axis)")
            case .fixed(let value): dimension.append(1, value)
            case .batch(1): dimension.append(2, "batch")
            case .batch(let multiple): dimension.append(2, "\(multiple)*batch")
            }
            shape.append(1, dimension)
        }
        var tensor = ProtocolBuffer()
        tensor.append(1, declaration.dtype.onnxCode)
        tensor.append(2, shape)
        var type = ProtocolBuffer()
        type.append(1, tensor)
        var message = ProtocolBuffer()
        message.append(1, declaration.name)
        message.append(2, type)
        return message
    }
}

/// A length that is known, a multiple of the batch size, or a function of the input size.
package enum ONNXDimension: Hashable {
    case fixed(Int)
    case batch(Int)
    case open

    var isFixed: Bool {
        if case .fixed = self { true } else { false }
    }
}

extension DType {
    /// ONNX's `TensorProto.DataType`.
    ///
    /// Computation in `bfloat16` is exported as `float32`: few runtimes have operators for it.
    var onnxCode: Int {
        switch self {
        case .float32, .bfloat16: 1
        case .uint8: 2
        case .int32: 6
        case .bool: 9
        }
    }

    fileprivate var onnxByteCount: Int {
        switch self {
        case .bfloat16: 4
        case .float32, .int32, .uint8, .bool: byteCount
        }
    }
}
