#if Server
import Strata

/// The values of an input in a `:predict` request, read in the model's type.
struct PredictColumn {
    private let description: Predictor.TensorDescription
    private var floats = NestedElements<Float>()
    private var integers = NestedElements<Int64>()
    private var booleans = NestedElements<Bool>()
    /// Pictures, given as `{"b64": …}`.
    private var files: [[UInt8]] = []
    /// The shape of the samples, or of the whole tensor.
    private var shape: [Int]?
    /// How many values were read: samples, or one tensor.
    private(set) var count = 0

    init(_ description: Predictor.TensorDescription) { self.description = description }

    var name: String { description.name }
    var isEmpty: Bool { count == 0 }

    /// Whether the object that is next is `{"b64": …}`.
    static func isBase64(_ reader: JSONReader) -> Bool {
        var ahead = reader
        ahead.skipSpace()
        guard ahead.take(UInt8(ascii: "{")) else { return false }
        ahead.skipSpace()
        return ahead.takeWord("\"b64\"")
    }

    /// Reads the value of a sample, or the whole tensor.
    mutating func read(
        _ reader: inout JSONReader, _ form: PredictRequest.Form
    ) throws(ServingError) {
        count += 1
        if try reader.start() == UInt8(ascii: "{") {
            guard form == .rows else {
                throw reader.failure("input \(quoted(name)) is a list of samples")
            }
            return try readFile(&reader)
        }
        var ahead = reader
        if form == .columns, ahead.take(UInt8(ascii: "[")), try ahead.start() == UInt8(ascii: "{") {
            try reader.array(name) { reader throws(ServingError) in try readFile(&reader) }
            return
        }
        let what = "an element of input \(quoted(name))"
        switch description.dtype {
        case .float32, .bfloat16:
            try read(&reader, \.floats) { reader throws(ServingError) in
                try reader.float(try reader.decimal(what), what)
            }
        case .int32, .uint8:
            try read(&reader, \.integers) { reader throws(ServingError) in
                try reader.integer(what, in: Int64.min...Int64.max)
            }
        case .bool:
            try read(&reader, \.booleans) { reader throws(ServingError) in
                try reader.bool(what)
            }
        }
    }

    private mutating func read<Element>(
        _ reader: inout JSONReader,
        _ path: WritableKeyPath<Self, NestedElements<Element>>,
        _ element: (inout JSONReader) throws(ServingError) -> Element
    ) throws(ServingError) {
        let start = reader.position
        guard files.isEmpty else { throw mixture(reader) }
        self[keyPath: path].startAnew()
        if reader.next == UInt8(ascii: "[") {
            try reader.elements("input \(quoted(name))", into: &self[keyPath: path], element)
        } else {
            self[keyPath: path].values.append(try element(&reader))
        }
        let found = self[keyPath: path].shape
        guard shape == nil || shape == found else {
            throw reader.failure(
                "sample \(count - 1) of input \(quoted(name)) has shape \(found), but those before "
                    + "have \(shape ?? [])", at: start)
        }
        shape = found
    }

    private mutating func readFile(_ reader: inout JSONReader) throws(ServingError) {
        guard shape == nil else { throw mixture(reader) }
        guard files.count < JSONReader.textLimit else {
            throw reader.failure("there are more than \(JSONReader.textLimit) pictures")
        }
        var file: [UInt8]?
        try reader.object("a picture") { reader, member throws(ServingError) in
            guard member == "b64" else {
                throw reader.failure("a picture is {\"b64\": …}, its file in base 64")
            }
            guard try reader.start() == UInt8(ascii: "\""),
                let bytes = PictureInput.base64(try reader.utf8())
            else { throw reader.failure("b64 is a text in base 64") }
            file = bytes
        }
        guard let file else {
            throw reader.failure("a picture is {\"b64\": …}, its file in base 64")
        }
        files.append(file)
    }

    private func mixture(_ reader: JSONReader) -> ServingError {
        reader.failure("input \(quoted(name)) has pictures beside numbers")
    }

    /// The tensor of all values.
    func tensor(_ form: PredictRequest.Form) throws(ServingError) -> InferenceTensor {
        if !files.isEmpty {
            return InferenceTensor(checked: name, .bytes, [files.count], .bytes(files))
        }
        let whole = form == .rows ? [count] + (shape ?? []) : shape ?? []
        // Beside arrays without elements a shape may have any dimensions.
        _ = try InferenceTensor.elementCount(of: whole, name: name)
        switch description.dtype {
        case .float32, .bfloat16:
            return InferenceTensor(checked: name, .fp32, whole, .float32(floats.values))
        case .int32, .uint8:
            return InferenceTensor(checked: name, .int64, whole, .int64(integers.values))
        case .bool: return InferenceTensor(checked: name, .bool, whole, .bool(booleans.values))
        }
    }
}
#endif
