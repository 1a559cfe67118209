internal import CStrataKeras
internal import StrataGraph

extension GraphError {
    /// An argument of a call that does not fit.
    static func argument(_ problem: String, fix: String) -> GraphError {
        GraphError(.invalidArgument(problem, fix: fix))
    }
}

/// An array of C.
///
/// - Parameter what: its elements, in words: "inputs".
func elements<Element>(
    _ pointer: UnsafePointer<Element>?, _ count: Int64, _ what: String
) throws(GraphError) -> UnsafeBufferPointer<Element> {
    guard (0...largestCount).contains(count) else {
        throw .argument("\(count) \(what) were given", fix: "give 0 to \(largestCount)")
    }
    guard pointer != nil || count == 0 else {
        throw .argument("the pointer to \(count) \(what) is null", fix: "give their address")
    }
    return UnsafeBufferPointer(start: pointer, count: Int(count))
}

/// More arguments than any call has.
private let largestCount: Int64 = 1 << 20

/// The place of a result.
func place<Value>(
    _ pointer: UnsafeMutablePointer<Value>?, _ what: String
) throws(GraphError) -> UnsafeMutablePointer<Value> {
    guard let pointer else {
        throw .argument("the pointer to the place of \(what) is null", fix: "give its address")
    }
    return pointer
}

func text(_ pointer: UnsafePointer<CChar>?, _ what: String) throws(GraphError) -> String {
    guard let pointer else {
        throw .argument("the pointer to \(what) is null", fix: "give a text that ends with 0")
    }
    return String(cString: pointer)
}

/// The bytes of a value of a type.
func bytes(
    _ pointer: UnsafeRawPointer?, _ count: Int64, of type: TensorType, _ what: String
) throws(GraphError) -> UnsafeRawBufferPointer {
    try checkSize(pointer == nil, count, type, what)
    return UnsafeRawBufferPointer(start: pointer, count: Int(count))
}

/// The memory for a value of a type.
func memory(
    _ pointer: UnsafeMutableRawPointer?, _ count: Int64, for type: TensorType, _ what: String
) throws(GraphError) -> UnsafeMutableRawBufferPointer {
    try checkSize(pointer == nil, count, type, what)
    return UnsafeMutableRawBufferPointer(start: pointer, count: Int(count))
}

private func checkSize(
    _ isNull: Bool, _ count: Int64, _ type: TensorType, _ what: String
) throws(GraphError) {
    guard let expected = type.byteCount, count == expected else {
        throw .argument(
            "\(what) has \(count) bytes, where \(type) has \(type.byteCount ?? 0)",
            fix: "give the bytes of a dense tensor of that type")
    }
    guard !isNull || count == 0 else {
        throw .argument("the pointer to \(what) is null", fix: "give the address of its bytes")
    }
}

extension TensorType {
    /// The bytes of a dense tensor, if all dimensions are known.
    var byteCount: Int64? { shape.elementCount.map { Int64($0 * dtype.byteCount) } }

    /// A type that was given; all dimensions are known.
    init(_ pointer: UnsafePointer<strata_type>?, _ what: String) throws(GraphError) {
        guard let type = pointer?.pointee else {
            throw .argument("the pointer to the type of \(what) is null", fix: "give its address")
        }
        try self.init(type, what)
    }

    init(_ type: strata_type, _ what: String) throws(GraphError) {
        let dtype = try DType(code: Int64(type.dtype))
        guard (0...strata_max_rank).contains(Int(type.rank)) else {
            throw .argument(
                "\(what) has \(type.rank) axes", fix: "give 0 to \(strata_max_rank) axes")
        }
        let dimensions = withUnsafeBytes(of: type.shape) { bytes in
            bytes.bindMemory(to: Int64.self).prefix(Int(type.rank)).map { Int($0) }
        }
        let shape = Shape(dimensions)
        guard shape.isPossible else {
            throw .argument(
                "\(what) has the shape \(shape)",
                fix: "use dimensions that are not negative, and at most 2⁴⁶ elements")
        }
        self.init(shape, dtype)
    }

    /// The type as C has it.
    ///
    /// - Parameter what: the value, in words, for the error.
    func described(_ what: String) throws(GraphError) -> strata_type {
        guard let dimensions = shape.known, dimensions.count <= strata_max_rank else {
            throw .argument(
                "\(what) has the shape \(shape)",
                fix: "use known dimensions and at most \(strata_max_rank) axes")
        }
        var type = strata_type()
        type.dtype = dtype.code
        type.rank = Int32(dimensions.count)
        withUnsafeMutableBytes(of: &type.shape) { bytes in
            let places = bytes.bindMemory(to: Int64.self)
            for (axis, length) in dimensions.enumerated() { places[axis] = Int64(length) }
        }
        return type
    }
}

extension DType {
    /// In the order of `strata_dtype`.
    private static let ordered: [DType] = [.float32, .bfloat16, .int32, .uint8, .bool]

    init(code: Int64) throws(GraphError) {
        guard let index = Int(exactly: code), DType.ordered.indices.contains(index) else {
            throw .argument(
                "there is no dtype \(code)", fix: "use one of strata_dtype, from 0 to 4")
        }
        self = DType.ordered[index]
    }

    var code: Int32 { Int32(DType.ordered.firstIndex(of: self) ?? 0) }
}

extension Tensor {
    /// A copy of the bytes of a value.
    init(
        _ pointer: UnsafeRawPointer?, _ count: Int64, _ type: TensorType, _ what: String
    ) throws(GraphError) {
        let source = try bytes(pointer, count, of: type, what)
        self.init(shape: type.shape.known ?? [], dtype: type.dtype) { $0.copyMemory(from: source) }
    }
}

/// Writes a text and its length in bytes; what does not fit is left out.
func write(
    _ text: String, to pointer: UnsafeMutablePointer<CChar>?, _ capacity: Int64,
    _ length: UnsafeMutablePointer<Int64>?
) throws(GraphError) {
    let length = try place(length, "the length")
    guard capacity >= 0, pointer != nil || capacity == 0 else {
        throw .argument(
            "there is no room for \(capacity) bytes of text",
            fix: "give the address of a buffer and its size")
    }
    var text = text
    text.withUTF8 { bytes in
        length.pointee = Int64(bytes.count)
        guard let pointer, capacity > 0 else { return }
        var count = min(bytes.count, Int(capacity) - 1)
        // Not within a character: all of its bytes but the first are 10xxxxxx.
        while count > 0, count < bytes.count, bytes[count] & 0xC0 == 0x80 { count -= 1 }
        for index in 0..<count { pointer[index] = CChar(bitPattern: bytes[index]) }
        pointer[count] = 0
    }
}
