#if Server
package import Strata

/// An element type of the Open Inference Protocol, by its name on the wire.
package enum InferenceDatatype: String, Sendable, Hashable, CaseIterable {
    case bool = "BOOL"
    case uint8 = "UINT8"
    case uint16 = "UINT16"
    case uint32 = "UINT32"
    case uint64 = "UINT64"
    case int8 = "INT8"
    case int16 = "INT16"
    case int32 = "INT32"
    case int64 = "INT64"
    case fp16 = "FP16"
    case bf16 = "BF16"
    case fp32 = "FP32"
    case fp64 = "FP64"
    /// Texts or files of any length.
    case bytes = "BYTES"

    /// The type of a model's input or output.
    package init(_ dtype: DType) {
        self =
            switch dtype {
            case .float32: .fp32
            case .bfloat16: .bf16
            case .int32: .int32
            case .uint8: .uint8
            case .bool: .bool
            }
    }

    /// A datatype by its name.
    ///
    /// - Throws: a ``ServingError`` that lists the names.
    package init(named name: String, of tensor: String) throws(ServingError) {
        guard let datatype = InferenceDatatype(rawValue: name) else {
            let names = InferenceDatatype.allCases.map(\.rawValue).joined(separator: ", ")
            throw ServingError(
                .invalidArgument,
                "input \(quoted(tensor)) has datatype \(quoted(name)); the datatypes are \(names)")
        }
        self = datatype
    }

    /// Bytes that an element takes in binary form; `nil` where each has a length of its own.
    package var byteCount: Int? {
        switch self {
        case .bool, .uint8, .int8: 1
        case .uint16, .int16, .fp16, .bf16: 2
        case .uint32, .int32, .fp32: 4
        case .uint64, .int64, .fp64: 8
        case .bytes: nil
        }
    }

    /// The values of an integer type.
    package var integers: ClosedRange<Int64>? {
        switch self {
        case .uint8: 0...Int64(UInt8.max)
        case .uint16: 0...Int64(UInt16.max)
        case .uint32: 0...Int64(UInt32.max)
        case .int8: Int64(Int8.min)...Int64(Int8.max)
        case .int16: Int64(Int16.min)...Int64(Int16.max)
        case .int32: Int64(Int32.min)...Int64(Int32.max)
        case .int64: Int64.min...Int64.max
        // Beyond `Int64`.
        case .uint64: nil
        case .bool, .fp16, .bf16, .fp32, .fp64, .bytes: nil
        }
    }
}

/// A text of a client in an error, shortened so that an answer stays readable.
func quoted(_ text: String) -> String {
    let limit = 80
    let start = text.prefix(limit)
    return "\"\(start)\(start.endIndex < text.endIndex ? "…" : "")\""
}
#endif
