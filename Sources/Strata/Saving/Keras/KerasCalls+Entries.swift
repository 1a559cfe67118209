extension KerasCalls {
    /// The operations as Keras writes them, with their calls.
    ///
    /// - Parameters:
    ///   - names: one for each.
    ///   - arguments: the node's inputs as arguments.
    ///   - result: the argument for the result of the operation of a name.
    func entries(
        names: [String], arguments: [JSONValue], result: (String) -> JSONValue
    ) -> [(object: SerializedObject, call: JSONValue)] {
        var left = arguments[...]
        var before: [JSONValue] = []
        return zip(calls, names).map { call, name in
            let tensors = before + left.prefix(call.inputCount)
            left = left.dropFirst(call.inputCount)
            before = [result(name)]
            let first: [JSONValue] = call.takesList ? [.array(tensors)] : tensors
            let isLayer = call.module == "keras.layers"
            let object = SerializedObject(
                module: call.module, className: call.className,
                config: call.config.merging(["name": .string(name)]) { $1 },
                registeredName: isLayer ? nil : call.className)
            return (
                object, ["args": .array(first + call.more), "kwargs": .object(call.keywords)]
            )
        }
    }
}
