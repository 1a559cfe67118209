#if Server
import NIOCore

/// The body of an inference request of the Open Inference Protocol: JSON, and behind it the tensors
/// in binary form, if any.
struct OpenInferenceRequest {
    let request: InferenceRequest
    /// Whether outputs are answered in binary form unless they say otherwise.
    let isBinary: Bool

    /// - Parameters:
    ///   - jsonLength: the value of `Inference-Header-Content-Length`; all is JSON if left out.
    init(
        _ body: ByteBuffer, jsonLength: Int?, maxDepth: Int
    ) throws(ServingError) {
        let length = jsonLength ?? body.readableBytes
        guard (0...body.readableBytes).contains(length) else {
            throw ServingError(
                .invalidArgument,
                "Inference-Header-Content-Length is \(length), but the body has "
                    + "\(body.readableBytes) bytes")
        }
        let result = body.withUnsafeReadableBytes { bytes -> Result<Self, ServingError> in
            Result { () throws(ServingError) in
                try Self(
                    json: UnsafeRawBufferPointer(rebasing: bytes[..<length]),
                    binary: jsonLength == nil
                        ? nil : UnsafeRawBufferPointer(rebasing: bytes[length...]),
                    maxDepth: maxDepth)
            }
        }
        self = try result.get()
    }

    private init(
        json: UnsafeRawBufferPointer, binary: UnsafeRawBufferPointer?, maxDepth: Int
    ) throws(ServingError) {
        var request = InferenceRequest(inputs: [])
        var hasInputs = false
        var binary = BinaryTensors(bytes: binary)
        try JSONReader.read(json, maxDepth: maxDepth) { reader throws(ServingError) in
            try reader.object("the request") { reader, name throws(ServingError) in
                switch name {
                case "id": request.id = reader.takeNull() ? nil : try reader.string("id")
                case "parameters": request.parameters = try reader.parameters()
                case "inputs":
                    hasInputs = true
                    try reader.array("inputs") { reader throws(ServingError) in
                        request.inputs.append(try InputReader.tensor(&reader, &binary))
                    }
                case "outputs":
                    if reader.takeNull() { return }
                    try reader.array("outputs") { reader throws(ServingError) in
                        request.outputs.append(try reader.requestedOutput())
                    }
                default: try reader.skip()
                }
            }
        }
        guard hasInputs else {
            throw ServingError(.invalidArgument, "the request has no inputs")
        }
        try binary.checkEnd()
        isBinary = try request.parameters.flag("binary_data_output") ?? false
        self.request = request
    }
}

/// The tensors behind the JSON, in the order of the inputs.
private struct BinaryTensors {
    let bytes: UnsafeRawBufferPointer?
    private var position = 0

    init(bytes: UnsafeRawBufferPointer?) { self.bytes = bytes }

    mutating func next(_ size: Int, of name: String) throws(ServingError) -> UnsafeRawBufferPointer
    {
        guard let bytes else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(name)) has binary_data_size, but the request has no header "
                    + "Inference-Header-Content-Length; give the length of the JSON there")
        }
        guard size >= 0, size <= bytes.count - position else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(name)) has binary_data_size \(size), but \(bytes.count - position) "
                    + "bytes are left behind the JSON")
        }
        defer { position += size }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + size])
    }

    func checkEnd() throws(ServingError) {
        guard let bytes, position < bytes.count else { return }
        throw ServingError(
            .invalidArgument,
            "\(bytes.count - position) bytes behind the JSON belong to no input; give each its "
                + "binary_data_size")
    }
}

/// Reads an element of `inputs`, whose members may come in any order.
private struct InputReader {
    private var name: String?
    private var datatype: String?
    private var shape: [Int]?
    private var parameters: [String: InferenceParameter] = [:]
    private var contents: InferenceContents?
    /// Where the data stands, if it came before the datatype and the shape.
    private var dataPosition: Int?

    static func tensor(
        _ reader: inout JSONReader, _ binary: inout BinaryTensors
    ) throws(ServingError) -> InferenceTensor {
        var input = InputReader()
        let start = reader
        try reader.object("an input") { reader, member throws(ServingError) in
            switch member {
            case "name": input.name = try reader.string("the name of an input")
            case "datatype": input.datatype = try reader.string("the datatype of an input")
            case "shape": input.shape = try reader.shape("the shape of an input")
            case "parameters": input.parameters = try reader.parameters()
            case "data": try input.readData(&reader)
            default: try reader.skip()
            }
        }
        return try input.tensor(from: start, &binary)
    }

    private mutating func readData(_ reader: inout JSONReader) throws(ServingError) {
        if let name, let datatype, let shape {
            let datatype = try InferenceDatatype(named: datatype, of: name)
            contents = try reader.contents(datatype, shape: shape, of: name)
        } else {
            dataPosition = reader.position
            try reader.skip()
        }
    }

    private func tensor(
        from start: JSONReader, _ binary: inout BinaryTensors
    ) throws(ServingError) -> InferenceTensor {
        guard let name else { throw start.failure("an input has no name") }
        guard let datatype else {
            throw ServingError(.invalidArgument, "input \(quoted(name)) has no datatype")
        }
        guard let shape else {
            throw ServingError(.invalidArgument, "input \(quoted(name)) has no shape")
        }
        let type = try InferenceDatatype(named: datatype, of: name)
        let hasData = contents != nil || dataPosition != nil
        if let size = try parameters.count("binary_data_size") {
            guard !hasData else {
                throw ServingError(
                    .invalidArgument,
                    "input \(quoted(name)) has both data and binary_data_size; give one of them")
            }
            return try InferenceTensor(
                name: name, datatype: type, shape: shape,
                raw: try binary.next(size, of: name))
        }
        if let contents { return InferenceTensor(checked: name, type, shape, contents) }
        guard let dataPosition else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(name)) has no data; give data, or binary_data_size and the bytes")
        }
        var reader = start
        reader.rewind(to: dataPosition)
        return InferenceTensor(
            checked: name, type, shape, try reader.contents(type, shape: shape, of: name))
    }
}

extension JSONReader {
    fileprivate mutating func requestedOutput() throws(ServingError) -> RequestedOutput {
        var name: String?
        var parameters: [String: InferenceParameter] = [:]
        let start = position
        try object("an output") { reader, member throws(ServingError) in
            switch member {
            case "name": name = try reader.string("the name of an output")
            case "parameters": parameters = try reader.parameters()
            default: try reader.skip()
            }
        }
        guard let name else { throw failure("an output has no name", at: start) }
        return RequestedOutput(name: name, parameters: parameters)
    }
}

extension [String: InferenceParameter] {
    func flag(_ name: String) throws(ServingError) -> Bool? {
        switch self[name] {
        case nil: return nil
        case .bool(let value): return value
        case .integer, .number, .string:
            throw ServingError(.invalidArgument, "the parameter \(name) is true or false")
        }
    }

    func count(_ name: String) throws(ServingError) -> Int? {
        switch self[name] {
        case nil: return nil
        case .integer(let value) where value >= 0 && Int(exactly: value) != nil: return Int(value)
        case .integer, .bool, .number, .string:
            throw ServingError(.invalidArgument, "the parameter \(name) is an integer of 0 or more")
        }
    }
}
#endif
