internal import StrataGraph

extension Reference {
    /// A host function on the bytes of its inputs.
    static func hostCall(_ function: HostFunction, _ x: [ReferenceTensor]) -> [ReferenceTensor] {
        let inputs = zip(x, function.inputs).map { values, type in
            Tensor(values.values.map { Float($0) }, shape: values.shape).cast(to: type.dtype)
        }
        let given = inputs.map { input in
            input.withUnsafeBytes { bytes in
                let copy = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: max(bytes.count, 1), alignment: 16)
                copy.copyMemory(from: bytes)
                return copy
            }
        }
        let results = function.outputs.map { type in
            UnsafeMutableRawBufferPointer.allocate(
                byteCount: max((type.shape.elementCount ?? 0) * type.dtype.byteCount, 1),
                alignment: 16)
        }
        defer { for memory in given + results { memory.deallocate() } }
        let succeeded = given.map { UnsafeRawPointer($0.baseAddress) }.withUnsafeBufferPointer {
            inputs in
            results.map(\.baseAddress).withUnsafeBufferPointer { outputs in
                guard let inputs = inputs.baseAddress, let outputs = outputs.baseAddress else {
                    return false
                }
                return function.body(inputs, outputs)
            }
        }
        guard succeeded else { return [] }
        return zip(results, function.outputs).map { memory, type in
            let shape = type.shape.known ?? []
            let tensor = Tensor(shape: shape, dtype: type.dtype) { bytes in
                bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<bytes.count]))
            }
            return ReferenceTensor(tensor)
        }
    }
}
