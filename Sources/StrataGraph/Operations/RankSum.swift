/// One half of a sum over the ranks, as a step of a plan.
package struct RankSum: Sendable {
    /// The number of the sum, different from those of all others of a graph.
    package let number: Int
    /// Whether it starts the sum; otherwise it waits for it.
    package let isStart: Bool
    package let communicator: any Communicator

    package init(number: Int, isStart: Bool, communicator: any Communicator) {
        (self.number, self.isStart, self.communicator) = (number, isStart, communicator)
    }
}

/// What the two host calls of a sum have in common.
struct RankSumCalls: Sendable {
    let number: Int
    let communicator: any Communicator
    /// The types of the tensors on the wire, all of one element type.
    let types: [TensorType]
    let wire: DType

    private var counts: [Int] { types.map { $0.shape.elementCount ?? 0 } }
    private var byteCounts: [Int] { counts.map { $0 * wire.byteCount } }
    private var flat: TensorType { TensorType(Shape([counts.reduce(0, +)]), wire) }

    /// Packs values into one message, and starts to sum it.
    var start: HostFunction {
        let (number, communicator, wire) = (number, communicator, wire)
        let (counts, byteCounts) = (counts, byteCounts)
        let total = counts.reduce(0, +)
        return HostFunction(
            "all-reduce start", inputs: types, outputs: [flat],
            gradient: GradientRule("all-reduce start") { call, gradients in
                var first = 0
                return zip(call.inputs, counts).map { input, count in
                    defer { first += count }
                    return gradients[0]?.sliced(from: [first], sizes: [count])
                        .reshaped(input.shape)
                }
            },
            sum: RankSum(number: number, isStart: true, communicator: communicator)
        ) { inputs, outputs in
            guard let message = outputs[0] else { return false }
            var offset = 0
            for index in byteCounts.indices {
                guard let source = inputs[index] else { return false }
                (message + offset).copyMemory(from: source, byteCount: byteCounts[index])
                offset += byteCounts[index]
            }
            return communicator.startSum(number, message, count: total, dtype: wire)
        }
    }

    /// Waits for the sum, and unpacks it.
    ///
    /// - Parameter summed: the sums over all ranks of the gradients that arrive.
    func finish(
        summed: @escaping @Sendable ([SymbolicTensor]) -> [SymbolicTensor]
    ) -> HostFunction {
        let (number, communicator) = (number, communicator)
        let (types, byteCounts) = (types, byteCounts)
        return HostFunction(
            "all-reduce finish", inputs: [flat], outputs: types,
            gradient: GradientRule("all-reduce finish") { _, gradients in
                [Self.joined(gradients, types, summed)]
            },
            sum: RankSum(number: number, isStart: false, communicator: communicator)
        ) { inputs, outputs in
            guard let message = inputs[0], communicator.finishSum(number) else { return false }
            var offset = 0
            for index in byteCounts.indices {
                guard let result = outputs[index] else { return false }
                result.copyMemory(from: message + offset, byteCount: byteCounts[index])
                offset += byteCounts[index]
            }
            return true
        }
    }

    /// The gradient of the message: sums of those that arrive, zeros for the others.
    private static func joined(
        _ gradients: [SymbolicTensor?], _ types: [TensorType],
        _ summed: ([SymbolicTensor]) -> [SymbolicTensor]
    ) -> SymbolicTensor {
        let arrived = gradients.indices.filter { gradients[$0] != nil }
        let sums = summed(arrived.compactMap { gradients[$0]?.cast(to: .float32) })
        let sumOf = Dictionary(zip(arrived, sums)) { first, _ in first }
        let parts = types.indices.map { index in
            let count = types[index].shape.elementCount ?? 0
            return sumOf[index]?.reshaped([count])
                ?? SymbolicTensor.constant(0).broadcast(to: [count])
        }
        return parts.count == 1 ? parts[0] : .concatenated(parts, axis: 0)
    }
}
