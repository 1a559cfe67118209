// The functions are named as in C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CStrataKeras
internal import StrataGraph

@c @implementation
public func strata_keras_host_operation(
    _ name: UnsafePointer<CChar>?, _ id: Int64, _ inputs: UnsafePointer<strata_type>?,
    _ inputCount: Int64, _ outputs: UnsafePointer<strata_type>?, _ outputCount: Int64,
    _ function: strata_host_function?, _ gradient: strata_host_gradient?,
    _ release: strata_host_release?, _ operation: UnsafeMutablePointer<strata_handle>?
) -> Int32 {
    status {
        let name = try text(name, "the host function's name")
        let inputs = try types(inputs, inputCount, "an input of \(name)")
        let outputs = try types(outputs, outputCount, "an output of \(name)")
        let operation = try place(operation, "the operation")
        guard let function else {
            throw GraphError.argument("the pointer to \(name) is null", fix: "give a function")
        }
        guard !outputs.isEmpty else {
            throw GraphError.argument("\(name) has no outputs", fix: "give it one or more")
        }
        let owner = HostFunctionOwner(id, release)
        let host = HostFunction(
            name, inputs: inputs, outputs: outputs,
            gradient: gradient.map { rule(name, owner, $0) }
        ) { inputs, outputs in
            function(owner.id, inputs, outputs) == 0
        }
        operation.pointee = HandleTable.shared.insert(.operation(.hostCall(HostCall(host))))
    }
}

@c @implementation
public func strata_keras_gradient_operation(
    _ name: UnsafePointer<CChar>?, _ id: Int64, _ gradient: strata_host_gradient?,
    _ release: strata_host_release?, _ operation: UnsafeMutablePointer<strata_handle>?
) -> Int32 {
    status {
        let name = try text(name, "the gradient's name")
        let operation = try place(operation, "the operation")
        guard let gradient else {
            throw GraphError.argument(
                "the pointer to the gradient of \(name) is null", fix: "give a function")
        }
        let rule = rule(name, HostFunctionOwner(id, release), gradient)
        operation.pointee = HandleTable.shared.insert(
            .operation(.gradientOverride(GradientOverride(rule))))
    }
}

/// The owner of a host function, who is told that nothing refers to it any more.
private final class HostFunctionOwner: Sendable {
    let id: Int64
    private let release: strata_host_release?

    init(_ id: Int64, _ release: strata_host_release?) {
        (self.id, self.release) = (id, release)
    }

    deinit { release?(id) }
}

private func types(
    _ pointer: UnsafePointer<strata_type>?, _ count: Int64, _ what: String
) throws(GraphError) -> [TensorType] {
    var result: [TensorType] = []
    for type in try elements(pointer, count, "types") {
        result.append(try TensorType(type, what))
    }
    return result
}

private func rule(
    _ name: String, _ owner: HostFunctionOwner, _ gradient: strata_host_gradient
) -> GradientRule {
    GradientRule(name) { call, arrived throws(GraphError) in
        let handles = HandleTable.shared
        let inputs = call.inputs.map { handles.insert(.symbol($0)) }
        let outputs = call.outputs.map { handles.insert(.symbol($0)) }
        let gradients = arrived.map { $0.map { handles.insert(.symbol($0)) } ?? 0 }
        var results = [strata_handle](repeating: 0, count: inputs.count)
        defer { handles.remove(inputs + outputs + gradients + results) }
        let code = gradient(
            owner.id, inputs, Int64(inputs.count), outputs, gradients, Int64(outputs.count),
            &results)
        guard code == 0 else { throw GraphError(.hostFunctionFailed("the gradient of \(name)")) }
        var symbols: [SymbolicTensor?] = []
        for result in results { symbols.append(result == 0 ? nil : try handles.symbol(result)) }
        return symbols
    }
}
