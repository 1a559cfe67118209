#if Server
import Foundation

extension Inference_ModelMetadataResponse.TensorMetadata {
    init(_ tensor: ModelMetadata.TensorMetadata) {
        name = tensor.name
        datatype = tensor.datatype.rawValue
        shape = tensor.shape.map { Int64($0) }
    }
}

// MARK: Requests

extension InferenceRequest {
    /// - Throws: a ``ServingError`` if a tensor is not whole.
    init(_ message: Inference_ModelInferRequest) throws(ServingError) {
        let raw = message.rawInputContents
        guard raw.isEmpty || raw.count == message.inputs.count else {
            throw ServingError(
                .invalidArgument,
                "the request has \(message.inputs.count) inputs, but raw_input_contents has "
                    + "\(raw.count); give one for each input, or none and contents instead")
        }
        var inputs: [InferenceTensor] = []
        for (index, input) in message.inputs.enumerated() {
            inputs.append(
                try InferenceTensor(input, raw: raw.isEmpty ? nil : raw[index]))
        }
        var outputs: [RequestedOutput] = []
        for output in message.outputs {
            outputs.append(
                RequestedOutput(
                    name: output.name, parameters: try .init(messages: output.parameters)))
        }
        self.init(
            id: message.id.isEmpty ? nil : message.id,
            parameters: try .init(messages: message.parameters), inputs: inputs, outputs: outputs)
    }
}

extension [String: InferenceParameter] {
    fileprivate init(messages: [String: Inference_InferParameter]) throws(ServingError) {
        self.init()
        for (name, message) in messages {
            switch message.parameterChoice {
            case .boolParam(let value): self[name] = .bool(value)
            case .int64Param(let value): self[name] = .integer(value)
            case .uint64Param(let value):
                self[name] = Int64(exactly: value).map { .integer($0) } ?? .number(Double(value))
            case .doubleParam(let value): self[name] = .number(value)
            case .stringParam(let value): self[name] = .string(value)
            case nil:
                throw ServingError(
                    .invalidArgument, "the parameter \(quoted(name)) has no value; give it one")
            }
        }
    }
}

extension InferenceTensor {
    /// - Parameter raw: the element of `raw_input_contents`; `nil` if the elements are typed.
    fileprivate init(
        _ message: Inference_ModelInferRequest.InferInputTensor, raw: Data?
    ) throws(ServingError) {
        let datatype = try InferenceDatatype(named: message.datatype, of: message.name)
        let shape = message.shape.map { Int($0) }
        guard let raw else {
            let contents = try InferenceContents(message.contents, datatype, of: message.name)
            try self.init(
                name: message.name, datatype: datatype, shape: shape, contents: contents)
            return
        }
        guard !message.hasContents else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(message.name)) has contents as well as raw_input_contents; "
                    + "give one of them")
        }
        let result = raw.withUnsafeBytes { bytes in
            Result { () throws(ServingError) in
                try InferenceTensor(
                    name: message.name, datatype: datatype, shape: shape, raw: bytes)
            }
        }
        self = try result.get()
    }
}

extension InferenceContents {
    /// The typed elements of a message, from the field of their datatype.
    fileprivate init(
        _ message: Inference_InferTensorContents, _ datatype: InferenceDatatype, of name: String
    ) throws(ServingError) {
        guard let field = datatype.contentsField else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(name)) has datatype \(datatype.rawValue), which goes into "
                    + "raw_input_contents: there is no field for it in contents")
        }
        let counts = message.counts
        if let other = counts.first(where: { $0.field != field && $0.count > 0 }) {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(name)) has \(other.count) elements in \(other.field), but those of "
                    + "\(datatype.rawValue) go into \(field)")
        }
        switch datatype {
        case .bool: self = .bool(message.boolContents)
        case .int8, .int16, .int32: self = .int64(message.intContents.map { Int64($0) })
        case .int64: self = .int64(message.int64Contents)
        case .uint8, .uint16, .uint32: self = .int64(message.uintContents.map { Int64($0) })
        case .uint64: self = .uint64(message.uint64Contents)
        case .fp16, .bf16, .fp32: self = .float32(message.fp32Contents)
        case .fp64: self = .float64(message.fp64Contents)
        case .bytes: self = .bytes(message.bytesContents.map { [UInt8]($0) })
        }
    }
}

extension InferenceDatatype {
    /// The field of `InferTensorContents` that the elements are in.
    fileprivate var contentsField: String? {
        switch self {
        case .bool: "bool_contents"
        case .int8, .int16, .int32: "int_contents"
        case .int64: "int64_contents"
        case .uint8, .uint16, .uint32: "uint_contents"
        case .uint64: "uint64_contents"
        case .fp32: "fp32_contents"
        case .fp64: "fp64_contents"
        case .bytes: "bytes_contents"
        case .fp16, .bf16: nil
        }
    }
}

extension Inference_InferTensorContents {
    fileprivate var counts: [(field: String, count: Int)] {
        [
            ("bool_contents", boolContents.count), ("int_contents", intContents.count),
            ("int64_contents", int64Contents.count), ("uint_contents", uintContents.count),
            ("uint64_contents", uint64Contents.count), ("fp32_contents", fp32Contents.count),
            ("fp64_contents", fp64Contents.count), ("bytes_contents", bytesContents.count),
        ]
    }
}

// MARK: Answers

extension Inference_ModelInferResponse {
    /// - Parameter isRaw: whether the elements go into `raw_output_contents`, as those of the
    ///   request's inputs were in `raw_input_contents`.
    init(_ response: InferenceResponse, isRaw: Bool) {
        modelName = response.modelName
        modelVersion = response.modelVersion
        id = response.id ?? ""
        for tensor in response.outputs {
            var output = InferOutputTensor()
            output.name = tensor.name
            output.datatype = tensor.datatype.rawValue
            output.shape = tensor.shape.map { Int64($0) }
            if isRaw {
                rawOutputContents.append(tensor.withRawBytes { Data($0) })
            } else {
                output.contents = Inference_InferTensorContents(tensor)
            }
            outputs.append(output)
        }
    }
}

extension Inference_InferTensorContents {
    fileprivate init(_ tensor: InferenceTensor) {
        switch tensor.contents {
        case .bool(let values): boolContents = values
        case .uint8(let values): uintContents = values.map { UInt32($0) }
        case .int64(let values): setIntegers(values, tensor.datatype)
        case .uint64(let values): uint64Contents = values
        case .float32(let values): fp32Contents = values
        case .float64(let values): fp64Contents = values
        case .bytes(let values): bytesContents = values.map { Data($0) }
        }
    }

    private mutating func setIntegers(_ values: [Int64], _ datatype: InferenceDatatype) {
        switch datatype {
        case .int8, .int16, .int32: intContents = values.map { Int32(clamping: $0) }
        case .uint8, .uint16, .uint32: uintContents = values.map { UInt32(clamping: $0) }
        case .int64, .uint64, .bool, .fp16, .bf16, .fp32, .fp64, .bytes: int64Contents = values
        }
    }
}
#endif
