// The functions are named as in C.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CStrataKeras
internal import StrataEngine
internal import StrataGraph

@c @implementation
public func strata_keras_plan(
    _ inputs: UnsafePointer<strata_handle>?, _ inputCount: Int64,
    _ outputs: UnsafePointer<strata_handle>?, _ outputCount: Int64,
    _ variables: UnsafePointer<strata_handle>?, _ values: UnsafePointer<strata_handle>?,
    _ updateCount: Int64, _ plan: UnsafeMutablePointer<strata_handle>?
) -> Int32 {
    status {
        let handles = HandleTable.shared
        let inputs = try handles.symbols(elements(inputs, inputCount, "inputs"))
        let outputs = try handles.symbols(elements(outputs, outputCount, "outputs"))
        let variables = try elements(variables, updateCount, "variables")
        let values = try elements(values, updateCount, "values of variables")
        var updates: [(variable: Variable, value: SymbolicTensor)] = []
        for (variable, value) in zip(variables, values) {
            updates.append((try handles.variable(variable), try handles.symbol(value)))
        }
        let plan = try place(plan, "the plan")
        let made = try RunnablePlan(inputs: inputs, outputs: outputs, updates: updates)
        plan.pointee = handles.insert(.plan(made))
    }
}

@c @implementation
public func strata_keras_run(
    _ plan: strata_handle, _ inputs: UnsafePointer<UnsafeRawPointer?>?,
    _ inputSizes: UnsafePointer<Int64>?, _ inputCount: Int64,
    _ outputs: UnsafePointer<UnsafeMutableRawPointer?>?, _ outputSizes: UnsafePointer<Int64>?,
    _ outputCount: Int64
) -> Int32 {
    status {
        let plan = try HandleTable.shared.plan(plan)
        try plan.run(
            inputs: Values(
                elements(inputs, inputCount, "inputs"),
                elements(inputSizes, inputCount, "sizes of inputs")),
            outputs: Values(
                elements(outputs, outputCount, "outputs"),
                elements(outputSizes, outputCount, "sizes of outputs")))
    }
}

@c @implementation
public func strata_keras_plan_text(
    _ plan: strata_handle, _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int64,
    _ length: UnsafeMutablePointer<Int64>?
) -> Int32 {
    status {
        let plan = try HandleTable.shared.plan(plan)
        try write(plan.description, to: text, capacity, length)
    }
}

@c @implementation
public func strata_keras_profile_text(
    _ plan: strata_handle, _ seconds: Double, _ text: UnsafeMutablePointer<CChar>?,
    _ capacity: Int64, _ length: UnsafeMutablePointer<Int64>?
) -> Int32 {
    status {
        let plan = try HandleTable.shared.plan(plan)
        guard (0...3600).contains(seconds) else {
            throw GraphError.argument(
                "a profile of \(seconds) seconds was asked for", fix: "use 0 to 3600")
        }
        try write(plan.profile(seconds: seconds), to: text, capacity, length)
    }
}

@c @implementation
public func strata_keras_plan_size(
    _ plan: strata_handle, _ byteCount: UnsafeMutablePointer<Int64>?
) -> Int32 {
    status {
        let plan = try HandleTable.shared.plan(plan)
        try place(byteCount, "the size").pointee = Int64(plan.byteCount)
    }
}

@c @implementation
public func strata_keras_thread_count(_ count: UnsafeMutablePointer<Int64>?) -> Int32 {
    status { try place(count, "the number of threads").pointee = Int64(CPUEngine().threadCount) }
}

@c @implementation
public func strata_keras_set_thread_count(_ count: Int64) -> Int32 {
    status {
        guard (1...256).contains(count) else {
            throw GraphError.argument("\(count) threads were asked for", fix: "use 1 to 256")
        }
        CPUEngine().threadCount = Int(count)
    }
}

@c @implementation
public func strata_keras_computes_bfloat16(_ answer: UnsafeMutablePointer<Int32>?) -> Int32 {
    status { try place(answer, "the answer").pointee = CPUEngine().computesBfloat16 ? 1 : 0 }
}

@c @implementation
public func strata_keras_release(_ handles: UnsafePointer<strata_handle>?, _ count: Int64) {
    guard let handles = try? elements(handles, count, "handles") else { return }
    HandleTable.shared.remove(handles)
}

@c @implementation
public func strata_keras_handle_count(_ count: UnsafeMutablePointer<Int64>?) -> Int32 {
    status { try place(count, "the number of handles").pointee = Int64(HandleTable.shared.count) }
}
