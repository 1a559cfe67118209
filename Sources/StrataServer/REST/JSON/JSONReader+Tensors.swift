#if Server
import Strata

extension JSONReader {
    /// Texts in one tensor, each of which is an allocation.
    static let textLimit = 100_000

    /// The `data` of a tensor: flat, or nested as its shape.
    mutating func contents(
        _ datatype: InferenceDatatype, shape: [Int], of name: String
    ) throws(ServingError) -> InferenceContents {
        let count = try InferenceTensor.elementCount(of: shape, name: name)
        // Two bytes for each element at least.
        let capacity = min(count, (bytes.count - position) / 2 + 1)
        let what = "an element of input \(quoted(name)), whose datatype is \(datatype.rawValue),"
        func read<Element>(
            _ element: (inout JSONReader) throws(ServingError) -> Element
        ) throws(ServingError) -> [Element] {
            var elements = NestedElements<Element>(capacity: capacity)
            let whole = "the data of input \(quoted(name))"
            try self.elements(whole, into: &elements, element)
            guard elements.values.count == count,
                elements.shape.count <= 1 || elements.shape == shape
            else {
                throw ServingError(
                    .invalidArgument,
                    "\(whole) has shape \(elements.shape), but \(shape) was announced; give "
                        + "\(count) elements, flat or nested as the shape")
            }
            return elements.values
        }
        switch datatype {
        case .bool: return .bool(try read { reader throws(ServingError) in try reader.bool(what) })
        case .uint8:
            return .uint8(
                try read { reader throws(ServingError) in
                    try reader.integer(what, in: 0...UInt8.max)
                })
        case .uint64:
            return .uint64(
                try read { reader throws(ServingError) in
                    try reader.integer(what, in: 0...UInt64.max)
                })
        case .uint16, .uint32, .int8, .int16, .int32, .int64:
            let range = datatype.integers ?? Int64.min...Int64.max
            return .int64(
                try read { reader throws(ServingError) in try reader.integer(what, in: range) })
        case .fp32:
            return .float32(
                try read { reader throws(ServingError) in
                    try reader.float(try reader.decimal(what), what)
                })
        case .fp16, .bf16:
            return .float32(
                try read { reader throws(ServingError) in try reader.half(what, datatype) })
        case .fp64:
            return .float64(
                try read { reader throws(ServingError) in
                    try reader.double(try reader.decimal(what), what)
                })
        case .bytes:
            var texts = 0
            return .bytes(
                try read { reader throws(ServingError) in
                    texts += 1
                    return try reader.text(what, number: texts)
                })
        }
    }

    mutating func integer<T: FixedWidthInteger>(
        _ what: String, in range: ClosedRange<T>
    ) throws(ServingError) -> T {
        skipSpace()
        let start = position
        guard let value: T = try integer(try decimal(what), what), range.contains(value) else {
            throw failure(
                "\(what) is an integer from \(range.lowerBound) to \(range.upperBound)", at: start)
        }
        return value
    }

    /// The nearest number of `FP16` or `BF16`.
    private mutating func half(
        _ what: String, _ datatype: InferenceDatatype
    ) throws(ServingError) -> Float {
        skipSpace()
        let start = position
        let value = try float(try decimal(what), what)
        let rounded =
            datatype == .fp16
            ? Float(Float16(value))
            : Float(bitPattern: UInt32(Tensor.bfloat16Bits(value)) << 16)
        guard rounded.isFinite else {
            throw failure("\(what) is beyond the range of its type", at: start)
        }
        return rounded
    }

    private mutating func text(_ what: String, number: Int) throws(ServingError) -> [UInt8] {
        guard number <= Self.textLimit else {
            throw failure("a tensor has more than \(Self.textLimit) texts")
        }
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw failure("\(what) is a text in quotes") }
        return Array(try string().utf8)
    }
}
#endif
