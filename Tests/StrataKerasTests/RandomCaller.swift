import CStrataKeras
import StrataGraph
import StrataTestSupport

/// A thread that calls functions of the interface at random.
struct RandomCaller {
    struct Totals: Sendable {
        var applied = 0
        var ran = 0
        var exported = 0
        var refused = 0
    }

    /// A value of few elements, so that no graph takes much memory.
    private struct Value {
        var handle: strata_handle
        var type: strata_type
    }

    private(set) var totals = Totals()
    private var calls: RandomCalls
    private var generator: SplitMix
    private let shared: SharedHandles
    private var values: [Value] = []
    private var others: [strata_handle] = []
    private var stale: [strata_handle] = [0, .max]

    init(seed: UInt64, shared: SharedHandles) throws {
        calls = try RandomCalls(seed: seed, sizes: [0, 1, 1, 2, 3, 4, 5, 7])
        generator = SplitMix(seed: ~seed)
        self.shared = shared
    }

    mutating func callOnce() {
        switch below(11) {
        case 0...4: apply()
        case 5: misuse()
        case 10: callHost()
        case 6: differentiate()
        case 7: plan()
        case 8: makeVariable()
        default: release()
        }
        if values.count > 48 { drop(values.removeFirst().handle) }
        if others.count > 24 { drop(others.removeFirst()) }
    }

    mutating func releaseAll() {
        let left = values.map(\.handle) + others
        strata_keras_release(left, Int64(left.count))
        (values, others) = ([], [])
    }

    // MARK: Calls

    private mutating func apply() {
        let call = calls.next()
        var operation: strata_handle = 0
        let made = withAttributes(call.attributes) {
            strata_keras_operation(call.name, $0, Int64(call.attributes.count), &operation)
        }
        guard made == 0 else {
            totals.refused += 1
            return
        }
        let inputs = call.inputs.map { input($0) }
        var results = [strata_symbol](repeating: strata_symbol(), count: 4)
        var count: Int64 = 0
        let status = strata_keras_apply(
            operation, inputs, Int64(inputs.count), &results, Int64(below(5) == 0 ? 1 : 4), &count)
        if status == 0 {
            totals.applied += 1
            for symbol in results.prefix(Int(count)) { keep(symbol) }
        } else {
            totals.refused += 1
        }
        if below(4) == 0 { others.append(operation) } else { drop(operation) }
    }

    /// A symbol of a type, or of another one, or none.
    private mutating func input(_ type: TensorType) -> strata_handle {
        if below(12) == 0 { return anyHandle() }
        let same = values.filter { TensorType($0.type) == type }
        if below(3) == 0, let value = pick(same) { return value.handle }
        var (wanted, handle) = (strata_type(type), strata_handle())
        let size = type.byteCount
        if below(2) == 0, size >= 0 {
            let bytes = (0..<max(size, 1)).map { _ in UInt8(truncatingIfNeeded: below(256)) }
            guard strata_keras_constant(&wanted, bytes, Int64(size), &handle) == 0 else { return 0 }
        } else {
            guard strata_keras_input("x", &wanted, &handle) == 0 else { return 0 }
        }
        values.append(Value(handle: handle, type: wanted))
        return handle
    }

    private mutating func differentiate() {
        let wanted = (0..<below(4)).map { _ in anySymbol() }
        var results = [strata_symbol](repeating: strata_symbol(), count: 4)
        let scalar = scalar()
        if strata_keras_gradients(scalar, wanted, Int64(wanted.count), &results) == 0 {
            for symbol in results.prefix(wanted.count) { keep(symbol) }
        } else {
            totals.refused += 1
        }
    }

    /// The sum of a value.
    private mutating func scalar() -> strata_handle {
        guard let value = pick(values), below(8) > 0 else { return anyHandle() }
        if value.type.rank == 0 { return value.handle }
        let attributes: [String: AttributeValue] = [
            "kind": .string("sum"), "axes": .ints(Array(0..<Int(value.type.rank))),
        ]
        var (operation, result, count) = (strata_handle(), strata_symbol(), Int64())
        _ = withAttributes(attributes) { strata_keras_operation("reduction", $0, 2, &operation) }
        let status = strata_keras_apply(operation, [value.handle], 1, &result, 1, &count)
        drop(operation)
        guard status == 0 else { return 0 }
        keep(result)
        return result.handle
    }

    private mutating func makeVariable() {
        guard let value = pick(values) else { return }
        let size = TensorType(value.type).byteCount
        guard (0...4096).contains(size) else { return }
        var bytes = (0..<max(size, 1)).map { _ in UInt8(truncatingIfNeeded: below(128)) }
        var (type, variable, symbol) = (value.type, strata_handle(), strata_handle())
        let given = Int64(size + (below(10) == 0 ? 1 : 0))
        guard strata_keras_variable("v", &type, bytes, given, &variable) == 0 else {
            totals.refused += 1
            return
        }
        others.append(variable)
        _ = strata_keras_read_variable(variable, &bytes, Int64(size))
        _ = strata_keras_write_variable(variable, bytes, Int64(size))
        guard strata_keras_variable_symbol(variable, &symbol) == 0 else { return }
        keep(strata_symbol(handle: symbol, type: type))
        if below(2) == 0, let same = pick(values.filter { TensorType($0.type) == TensorType(type) })
        {
            run(outputs: [], updates: [(variable, same.handle)])
        }
    }

    /// A host function of values that there are, which fails now and then.
    private mutating func callHost() {
        let given = (0..<below(3)).compactMap { _ in pick(values) }
        var inputs = given.map(\.type)
        if below(6) == 0, let index = pick(Array(inputs.indices)) { inputs[index].rank += 1 }
        var outputs = (0..<below(3)).compactMap { _ in pick(values)?.type }
        var operation: strata_handle = 0
        let (hasGradient, id) = (below(3) > 0, Int64(below(1000)))
        let status =
            below(3) > 0
            ? strata_keras_host_operation(
                "f", id, &inputs, Int64(inputs.count), &outputs, Int64(outputs.count), anyFunction,
                hasGradient ? anyGradient : nil, nil, &operation)
            : strata_keras_gradient_operation("g", id, anyGradient, nil, &operation)
        guard status == 0 else {
            totals.refused += 1
            return
        }
        var results = [strata_symbol](repeating: strata_symbol(), count: 4)
        var count: Int64 = 0
        let handles = given.map(\.handle)
        if strata_keras_apply(operation, handles, Int64(handles.count), &results, 4, &count) == 0 {
            for symbol in results.prefix(Int(count)) { keep(symbol) }
        } else {
            totals.refused += 1
        }
        others.append(operation)
    }

    private mutating func plan() {
        run(outputs: (0..<1 + below(2)).compactMap { _ in pick(values) }, updates: [])
    }

    private mutating func run(
        outputs: [Value], updates: [(variable: strata_handle, value: strata_handle)]
    ) {
        // All inputs that there are, whether the graph reads them or not; constants are refused.
        var plan: strata_handle = 0
        var inputs = values
        while true {
            let status = strata_keras_plan(
                inputs.map(\.handle), Int64(inputs.count), outputs.map(\.handle),
                Int64(outputs.count), updates.map(\.variable), updates.map(\.value),
                Int64(updates.count), &plan)
            if status == 0 { break }
            guard let wrong = inputNumber(in: String(cString: strata_keras_error())),
                inputs.indices.contains(wrong)
            else {
                totals.refused += 1
                return
            }
            inputs.remove(at: wrong)
        }
        run(plan, inputs, outputs)
        export(inputs.map(\.handle), outputs.map(\.handle))
        var length: Int64 = 0
        _ = strata_keras_plan_text(plan, nil, 0, &length)
        if let dropped = shared.insert(plan) { drop(dropped) }
    }

    /// An ONNX file of a graph with operations of any kind, many of which have no form there.
    private mutating func export(_ inputs: [strata_handle], _ outputs: [strata_handle]) {
        let status = "n".withCString { text in
            inputs.withUnsafeBufferPointer { inputs in
                outputs.withUnsafeBufferPointer { outputs in
                    let names = [UnsafePointer<CChar>?](
                        repeating: text, count: inputs.count + outputs.count)
                    let trace = strata_trace(
                        inputs: inputs.baseAddress, outputs: outputs.baseAddress)
                    return strata_keras_onnx(
                        text, [trace, trace], 2, names, Int64(inputs.count), names,
                        Int64(outputs.count), 0, { _, _, _ in }, nil)
                }
            }
        }
        if status == 0 { totals.exported += 1 } else { totals.refused += 1 }
    }

    private mutating func run(_ plan: strata_handle, _ inputs: [Value], _ outputs: [Value]) {
        func memory(_ values: [Value]) -> [UnsafeMutableRawBufferPointer] {
            values.map { value in
                let bytes = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: TensorType(value.type).byteCount, alignment: 16)
                for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index * 37) }
                return bytes
            }
        }
        let (given, room) = (memory(inputs), memory(outputs))
        defer { for bytes in given + room { bytes.deallocate() } }
        var sizes = given.map { Int64($0.count) }
        if below(10) == 0, let index = pick(Array(sizes.indices)) { sizes[index] += 4 }
        let status = strata_keras_run(
            plan, given.map { UnsafeRawPointer($0.baseAddress) }, sizes, Int64(sizes.count),
            room.map { UnsafeMutableRawPointer($0.baseAddress) }, room.map { Int64($0.count) },
            Int64(room.count))
        if status == 0 { totals.ran += 1 } else { totals.refused += 1 }
    }

    /// Functions with handles of any kind, released ones among them.
    private mutating func misuse() {
        let handle = anyHandle()
        var (type, symbol, length) = (strata_type(), strata_symbol(), Int64())
        var made: strata_handle = 0
        let status: Int32
        switch below(10) {
        case 0: status = strata_keras_symbol_type(handle, &type)
        case 1: status = strata_keras_apply(handle, [anyHandle()], 1, &symbol, 1, &length)
        case 2: status = strata_keras_gradients(handle, [anyHandle()], 1, &symbol)
        case 3: status = strata_keras_variable_symbol(handle, &made)
        case 4: status = strata_keras_write_variable(handle, nil, 0)
        case 5: status = strata_keras_plan([handle], 1, [anyHandle()], 1, nil, nil, 0, &made)
        case 6: status = strata_keras_run(handle, nil, nil, 0, nil, nil, 0)
        case 7: status = strata_keras_plan_text(handle, nil, 0, &length)
        case 8: status = strata_keras_plan_size(handle, &length)
        default: status = strata_keras_read_variable(handle, nil, 0)
        }
        if status != 0 { totals.refused += 1 }
        for handle in [made, symbol.handle] where handle != 0 { drop(handle) }
    }

    /// Some of them are then used again.
    private mutating func release() {
        guard let index = pick(Array(values.indices)) else { return }
        let handle = below(4) == 0 ? values[index].handle : values.remove(at: index).handle
        drop(handle)
        if below(3) == 0 { drop(pick(stale) ?? 0) }
    }

    // MARK: Handles

    private mutating func drop(_ handle: strata_handle) {
        strata_keras_release([handle], 1)
        stale.append(handle)
        if stale.count > 32 { stale.removeFirst() }
    }

    private mutating func keep(_ symbol: strata_symbol) {
        guard TensorType(symbol.type).byteCount <= 100_000 else { return drop(symbol.handle) }
        values.append(Value(handle: symbol.handle, type: symbol.type))
    }

    private mutating func anyHandle() -> strata_handle {
        switch below(5) {
        case 0: pick(stale) ?? 0
        case 1: pick(others) ?? 0
        case 2: shared.pick(below(64)) ?? 0
        default: pick(values)?.handle ?? 0
        }
    }

    private mutating func anySymbol() -> strata_handle {
        below(10) == 0 ? anyHandle() : pick(values)?.handle ?? 0
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

    private mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &generator)
    }
}

/// Fails for some numbers, and leaves what is in the outputs.
private let anyFunction: strata_host_function = { id, _, _ in id % 7 == 0 ? 1 : 0 }

/// Gives nothing, the inputs, the gradients of the results or handles of nothing.
private let anyGradient: strata_host_gradient = { id, inputs, count, _, gradients, _, results in
    for index in 0..<Int(count) {
        switch (Int(id) + index) % 4 {
        case 0: results?[index] = inputs?[index] ?? 0
        case 1: results?[index] = gradients?[0] ?? 0
        case 2: results?[index] = id % 5 == 0 ? 1 << 40 : 0
        default: break
        }
    }
    return id % 11 == 0 ? 1 : 0
}

/// The number in "input 3 of the plan is the result of an operation".
private func inputNumber(in message: String) -> Int? {
    guard message.hasPrefix("input "), message.contains("of the plan is") else { return nil }
    return message.split(separator: " ").dropFirst().first.flatMap { Int($0) }
}

extension strata_type {
    init(_ type: TensorType) {
        self = StrataKerasTests.type(type.shape.dimensions.map { $0 ?? -1 })
        dtype = Int32(DType.allCases.firstIndex(of: type.dtype) ?? -1)
    }
}

extension TensorType {
    init(_ type: strata_type) {
        self.init(Shape(type.dimensions), DType.allCases[Int(type.dtype)])
    }

    /// −1 where a dimension is unknown.
    var byteCount: Int { (shape.elementCount ?? -1) * dtype.byteCount }
}
