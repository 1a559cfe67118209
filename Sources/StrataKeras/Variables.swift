// The functions are named as in C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CStrataKeras
internal import StrataGraph

@c @implementation
public func strata_keras_variable(
    _ name: UnsafePointer<CChar>?, _ type: UnsafePointer<strata_type>?, _ bytes: UnsafeRawPointer?,
    _ byteCount: Int64, _ variable: UnsafeMutablePointer<strata_handle>?
) -> Int32 {
    status {
        let name = try text(name, "the variable's name")
        let type = try TensorType(type, "variable \(name)")
        let variable = try place(variable, "the variable")
        let value = try Tensor(bytes, byteCount, type, "the value of \(name)")
        let made = Variable(
            name, kind: type.dtype.isFloatingPoint ? .trainable : .nonTrainable, value: value)
        variable.pointee = HandleTable.shared.insert(.variable(made))
    }
}

@c @implementation
public func strata_keras_variable_symbol(
    _ variable: strata_handle, _ symbol: UnsafeMutablePointer<strata_handle>?
) -> Int32 {
    status {
        let variable = try HandleTable.shared.variable(variable)
        let symbol = try place(symbol, "the symbol")
        symbol.pointee = HandleTable.shared.insert(.symbol(.variable(variable)))
    }
}

@c @implementation
public func strata_keras_read_variable(
    _ variable: strata_handle, _ bytes: UnsafeMutableRawPointer?, _ byteCount: Int64
) -> Int32 {
    status {
        let variable = try HandleTable.shared.variable(variable)
        let room = try memory(
            bytes, byteCount, for: variable.type, "the place of \(variable.name)")
        try variable.value.withUnsafeBytes { room.copyMemory(from: $0) }
    }
}

@c @implementation
public func strata_keras_write_variable(
    _ variable: strata_handle, _ bytes: UnsafeRawPointer?, _ byteCount: Int64
) -> Int32 {
    status {
        let variable = try HandleTable.shared.variable(variable)
        try variable.assign(
            Tensor(bytes, byteCount, variable.type, "the value of \(variable.name)"))
    }
}

extension Variable {
    fileprivate var type: TensorType { TensorType(Shape(shape), dtype) }
}
