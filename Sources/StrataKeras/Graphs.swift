// The functions are named as in C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CStrataKeras
internal import StrataGraph
import Synchronization

// Symbols and operations.

/// Inputs are told apart by their names, which callers need not make unique.
private let namedInputs = Atomic(0)

@c @implementation
public func strata_keras_input(
    _ name: UnsafePointer<CChar>?, _ type: UnsafePointer<strata_type>?,
    _ symbol: UnsafeMutablePointer<strata_handle>?
) -> Int32 {
    status {
        let name = try text(name, "the input's name")
        let type = try TensorType(type, "input \(name)")
        let symbol = try place(symbol, "the symbol")
        let number = namedInputs.add(1, ordering: .relaxed).newValue
        let input = SymbolicTensor.input("\(name)#\(number)", type.shape, dtype: type.dtype)
        symbol.pointee = try HandleTable.shared.insert(checked: input)
    }
}

@c @implementation
public func strata_keras_constant(
    _ type: UnsafePointer<strata_type>?, _ bytes: UnsafeRawPointer?, _ byteCount: Int64,
    _ symbol: UnsafeMutablePointer<strata_handle>?
) -> Int32 {
    status {
        let type = try TensorType(type, "the constant")
        let symbol = try place(symbol, "the symbol")
        let value = try Tensor(bytes, byteCount, type, "the constant")
        symbol.pointee = HandleTable.shared.insert(.symbol(.constant(value)))
    }
}

@c @implementation
public func strata_keras_operation(
    _ name: UnsafePointer<CChar>?, _ attributes: UnsafePointer<strata_attribute>?, _ count: Int64,
    _ operation: UnsafeMutablePointer<strata_handle>?
) -> Int32 {
    status {
        let name = try text(name, "the operation's name")
        let given = try elements(attributes, count, "attributes")
        let operation = try place(operation, "the operation")
        var values: [String: AttributeValue] = [:]
        for attribute in given {
            let key = try text(attribute.name, "the name of an attribute of \(name)")
            guard values[key] == nil else {
                throw GraphError.argument(
                    "attribute \(key) of \(name) was given twice", fix: "give it once")
            }
            values[key] = try AttributeValue(attribute, key)
        }
        let made = try Operation(name: name, attributes: values)
        operation.pointee = HandleTable.shared.insert(.operation(made))
    }
}

@c @implementation
public func strata_keras_apply(
    _ operation: strata_handle, _ inputs: UnsafePointer<strata_handle>?, _ inputCount: Int64,
    _ results: UnsafeMutablePointer<strata_symbol>?, _ capacity: Int64,
    _ count: UnsafeMutablePointer<Int64>?
) -> Int32 {
    status {
        let operation = try HandleTable.shared.operation(operation)
        let inputs = try HandleTable.shared.symbols(elements(inputs, inputCount, "inputs"))
        let count = try place(count, "the number of results")
        let outputs = SymbolicTensor.applying(operation, inputs)
        count.pointee = Int64(outputs.count)
        guard outputs.count <= capacity else {
            throw GraphError.argument(
                "\(operation.name) has \(outputs.count) results, for which there are \(capacity) places",
                fix: "give as many places")
        }
        try write(outputs, to: results, of: operation.name)
    }
}

@c @implementation
public func strata_keras_symbol_type(
    _ symbol: strata_handle, _ type: UnsafeMutablePointer<strata_type>?
) -> Int32 {
    status {
        let symbol = try HandleTable.shared.symbol(symbol)
        let type = try place(type, "the type")
        type.pointee = try TensorType(symbol.shape, symbol.dtype).described("the symbol")
    }
}

@c @implementation
public func strata_keras_gradients(
    _ scalar: strata_handle, _ values: UnsafePointer<strata_handle>?, _ count: Int64,
    _ results: UnsafeMutablePointer<strata_symbol>?
) -> Int32 {
    status {
        let scalar = try HandleTable.shared.symbol(scalar)
        let values = try HandleTable.shared.symbols(elements(values, count, "values"))
        guard scalar.shape.elementCount == 1, scalar.dtype.isFloatingPoint else {
            throw GraphError.argument(
                "gradients of \(TensorType(scalar.shape, scalar.dtype)) were asked for",
                fix: "take those of one float32 or bfloat16 number, as of a sum")
        }
        try write(scalar.gradients(withRespectTo: values), to: results, of: "the gradient")
    }
}

@c @implementation
public func strata_keras_operation_names(
    _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int64, _ length: UnsafeMutablePointer<Int64>?
) -> Int32 {
    status {
        try write(
            Operation.callNames.joined(separator: "\n"), to: text, capacity, length)
    }
}

/// Hands over results, all of them or none.
private func write(
    _ outputs: [SymbolicTensor], to results: UnsafeMutablePointer<strata_symbol>?, of name: String
) throws(GraphError) {
    if outputs.isEmpty { return }
    let results = try place(results, "the results")
    for output in outputs { if let error = output.error { throw error } }
    var types: [strata_type] = []
    for output in outputs {
        types.append(
            try TensorType(output.shape, output.dtype).described("the result of \(name)"))
    }
    for (index, output) in outputs.enumerated() {
        results[index] = strata_symbol(
            handle: HandleTable.shared.insert(.symbol(output)), type: types[index])
    }
}

extension HandleTable {
    /// A handle for a symbol, unless it carries an error.
    fileprivate func insert(checked symbol: SymbolicTensor) throws(GraphError) -> strata_handle {
        if let error = symbol.error { throw error }
        return insert(.symbol(symbol))
    }
}

extension AttributeValue {
    fileprivate init(_ attribute: strata_attribute, _ name: String) throws(GraphError) {
        let kind = strata_attribute_kind(UInt32(bitPattern: attribute.kind))
        if kind == strata_attribute_bool {
            self = .bool(attribute.integer != 0)
        } else if kind == strata_attribute_int {
            self = .int(Int(attribute.integer))
        } else if kind == strata_attribute_float {
            self = .float(attribute.number)
        } else if kind == strata_attribute_string {
            self = .string(try text(attribute.text, "the text of attribute \(name)"))
        } else if kind == strata_attribute_dtype {
            self = .dtype(try DType(code: attribute.integer))
        } else if kind == strata_attribute_ints {
            let integers = try elements(
                attribute.integers, attribute.count, "integers of attribute \(name)")
            self = .ints(integers.map { Int($0) })
        } else {
            throw .argument(
                "attribute \(name) is of kind \(attribute.kind)",
                fix: "use one of strata_attribute_kind, from 0 to 5")
        }
    }
}
