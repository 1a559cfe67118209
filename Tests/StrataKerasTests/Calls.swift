import CStrataKeras
import StrataGraph
import StrataKeras
import Testing

/// The C interface; suites run one after the other, so that handles that are left can be counted.
@Suite(.serialized) struct CInterfaceTests {}

/// A call that failed.
struct CallFailure: Error, CustomStringConvertible {
    var status: Int32
    var message: String

    var description: String { "status \(status): \(message)" }
}

/// Throws where a call failed.
func succeed(_ status: Int32) throws {
    guard status == 0 else {
        throw CallFailure(status: status, message: String(cString: strata_keras_error()))
    }
}

func type(_ shape: [Int], _ dtype: strata_dtype = strata_dtype_float32) -> strata_type {
    var type = strata_type()
    type.dtype = Int32(dtype.rawValue)
    type.rank = Int32(shape.count)
    withUnsafeMutableBytes(of: &type.shape) { bytes in
        let places = bytes.bindMemory(to: Int64.self)
        for (axis, length) in shape.prefix(places.count).enumerated() {
            places[axis] = Int64(length)
        }
    }
    return type
}

extension strata_type {
    var dimensions: [Int] {
        withUnsafeBytes(of: shape) { bytes in
            bytes.bindMemory(to: Int64.self).prefix(Int(rank)).map { Int($0) }
        }
    }
}

/// Calls of the interface, whose handles are released with the session.
final class Session {
    private var handles: [strata_handle] = []

    deinit { strata_keras_release(handles, Int64(handles.count)) }

    static var handleCount: Int64 {
        get throws {
            var count: Int64 = -1
            try succeed(strata_keras_handle_count(&count))
            return count
        }
    }

    func keep(_ make: (inout strata_handle) -> Int32) throws -> strata_handle {
        var handle: strata_handle = 0
        try succeed(make(&handle))
        handles.append(handle)
        return handle
    }

    func input(
        _ shape: [Int], _ dtype: strata_dtype = strata_dtype_float32, name: String = "x"
    ) throws -> strata_handle {
        var type = type(shape, dtype)
        return try keep { strata_keras_input(name, &type, &$0) }
    }

    func constant<Element>(
        _ elements: [Element], _ shape: [Int], _ dtype: strata_dtype = strata_dtype_float32
    ) throws -> strata_handle {
        var type = type(shape, dtype)
        return try elements.withUnsafeBytes { bytes in
            try keep { strata_keras_constant(&type, bytes.baseAddress, Int64(bytes.count), &$0) }
        }
    }

    func variable<Element>(
        _ elements: [Element], _ shape: [Int], _ dtype: strata_dtype = strata_dtype_float32
    ) throws -> strata_handle {
        var type = type(shape, dtype)
        return try elements.withUnsafeBytes { bytes in
            try keep {
                strata_keras_variable("v", &type, bytes.baseAddress, Int64(bytes.count), &$0)
            }
        }
    }

    func value(of variable: strata_handle) throws -> strata_handle {
        try keep { strata_keras_variable_symbol(variable, &$0) }
    }

    func operation(
        _ name: String, _ attributes: [String: AttributeValue] = [:]
    ) throws -> strata_handle {
        try keep { handle in
            withAttributes(attributes) {
                strata_keras_operation(name, $0, Int64(attributes.count), &handle)
            }
        }
    }

    func results(_ operation: strata_handle, _ inputs: [strata_handle]) throws -> [strata_symbol] {
        var results = [strata_symbol](repeating: strata_symbol(), count: 8)
        var count: Int64 = 0
        try succeed(
            strata_keras_apply(operation, inputs, Int64(inputs.count), &results, 8, &count))
        let symbols = Array(results.prefix(Int(count)))
        handles += symbols.map(\.handle)
        return symbols
    }

    func apply(
        _ name: String, _ inputs: strata_handle..., attributes: [String: AttributeValue] = [:]
    ) throws -> strata_handle {
        try results(operation(name, attributes), inputs)[0].handle
    }

    func sum(_ symbol: strata_handle) throws -> strata_handle {
        var type = strata_type()
        try succeed(strata_keras_symbol_type(symbol, &type))
        let axes = Array(0..<Int(type.rank))
        return axes.isEmpty
            ? symbol
            : try apply(
                "reduction", symbol, attributes: ["kind": .string("sum"), "axes": .ints(axes)])
    }

    func gradients(_ scalar: strata_handle, _ values: [strata_handle]) throws -> [strata_handle] {
        var results = [strata_symbol](repeating: strata_symbol(), count: values.count)
        try succeed(strata_keras_gradients(scalar, values, Int64(values.count), &results))
        handles += results.map(\.handle)
        return results.map(\.handle)
    }

    func plan(
        _ inputs: [strata_handle], _ outputs: [strata_handle],
        updates: [(variable: strata_handle, value: strata_handle)] = []
    ) throws -> strata_handle {
        try keep {
            strata_keras_plan(
                inputs, Int64(inputs.count), outputs, Int64(outputs.count), updates.map(\.variable),
                updates.map(\.value), Int64(updates.count), &$0)
        }
    }

    /// The values of outputs of a number of elements of one type.
    func run<Input, Output>(
        _ plan: strata_handle, _ inputs: [[Input]], outputs counts: [Int], of zero: Output
    ) throws -> [[Output]] {
        let given = inputs.map { elements in
            elements.withUnsafeBytes { bytes in
                let copy = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: bytes.count, alignment: 16)
                copy.copyMemory(from: bytes)
                return copy
            }
        }
        let results = counts.map { count in
            let memory = UnsafeMutableBufferPointer<Output>.allocate(capacity: count)
            memory.initialize(repeating: zero)
            return memory
        }
        defer {
            for memory in given { memory.deallocate() }
            for memory in results { memory.deallocate() }
        }
        try succeed(
            strata_keras_run(
                plan, given.map { UnsafeRawPointer($0.baseAddress) }, given.map { Int64($0.count) },
                Int64(given.count), results.map { UnsafeMutableRawPointer($0.baseAddress) },
                results.map { Int64($0.count * MemoryLayout<Output>.stride) }, Int64(results.count))
        )
        return results.map { Array($0) }
    }

    func run(_ plan: strata_handle, _ inputs: [[Float]], outputs counts: [Int]) throws -> [[Float]]
    {
        try run(plan, inputs, outputs: counts, of: 0)
    }

    func read<Element>(_ variable: strata_handle, _ count: Int, of zero: Element) throws
        -> [Element]
    {
        var elements = Array(repeating: zero, count: count)
        try elements.withUnsafeMutableBytes { bytes in
            try succeed(
                strata_keras_read_variable(variable, bytes.baseAddress, Int64(bytes.count)))
        }
        return elements
    }
}

/// Attributes as C has them, while `body` runs.
func withAttributes<Result>(
    _ attributes: [String: AttributeValue],
    _ body: (UnsafePointer<strata_attribute>?) throws -> Result
) rethrows -> Result {
    var texts: [UnsafeMutablePointer<CChar>] = []
    var lists: [UnsafeMutablePointer<Int64>] = []
    defer {
        for text in texts { text.deallocate() }
        for list in lists { list.deallocate() }
    }
    func text(_ string: String) -> UnsafePointer<CChar> {
        let bytes = string.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        for (index, byte) in bytes.enumerated() { copy[index] = byte }
        texts.append(copy)
        return UnsafePointer(copy)
    }
    let records = attributes.sorted { $0.key < $1.key }.map { name, value in
        var record = strata_attribute()
        record.name = text(name)
        func set(_ kind: strata_attribute_kind) { record.kind = Int32(kind.rawValue) }
        func setIntegers(_ integers: [Int]) {
            set(strata_attribute_ints)
            let copy = UnsafeMutablePointer<Int64>.allocate(capacity: max(integers.count, 1))
            for (index, integer) in integers.enumerated() { copy[index] = Int64(integer) }
            lists.append(copy)
            record.integers = UnsafePointer(copy)
            record.count = Int64(integers.count)
        }
        switch value {
        case .bool(let flag):
            set(strata_attribute_bool)
            record.integer = flag ? 1 : 0
        case .int(let integer):
            set(strata_attribute_int)
            record.integer = Int64(integer)
        case .float(let number):
            set(strata_attribute_float)
            record.number = number
        case .string(let string):
            set(strata_attribute_string)
            record.text = text(string)
        case .dtype(let dtype):
            set(strata_attribute_dtype)
            record.integer = Int64(DType.allCases.firstIndex(of: dtype) ?? -1)
        case .ints(let integers): setIntegers(integers)
        case .shape(let shape): setIntegers(shape.dimensions.map { $0 ?? -1 })
        case .tensor, .variable: record.kind = -1
        }
        return record
    }
    return try records.withUnsafeBufferPointer { try body($0.baseAddress) }
}

/// A text that a function of the interface writes.
func written(
    _ function: (UnsafeMutablePointer<CChar>?, Int64, UnsafeMutablePointer<Int64>?) -> Int32
) throws -> String {
    var length: Int64 = 0
    try succeed(function(nil, 0, &length))
    var bytes = [CChar](repeating: 1, count: Int(length) + 4096)
    try succeed(function(&bytes, Int64(bytes.count), &length))
    return bytes.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
}
