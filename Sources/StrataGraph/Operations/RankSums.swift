internal import Synchronization

/// The sums over all ranks of one traced graph.
///
/// A sum is two host calls: one packs the values into a message and starts, the other waits and unpacks.
/// What a plan does between them hides the time on the wire. All ranks trace the same sums; only the sizes
/// of their batches differ.
package final class RankSums: Sendable {
    private let communicator: any Communicator
    /// The number of sums there are, those in gradients included.
    private let count = Mutex(0)

    package init(_ communicator: any Communicator) {
        self.communicator = communicator
    }

    /// The element-by-element sums over all ranks of `float32` tensors, as one message.
    ///
    /// The gradient of a sum is the sum of the gradients, in `float32`.
    ///
    /// - Parameter wire: the type on the wire, `float32` or `bfloat16`.
    package func summed(_ tensors: [SymbolicTensor], wire: DType = .float32) -> [SymbolicTensor] {
        if tensors.isEmpty { return [] }
        if let error = problem(tensors, wire) {
            return tensors.map { _ in SymbolicTensor(failure: error) }
        }
        let number = count.withLock { count in
            count += 1
            return count - 1
        }
        let operands = tensors.map { $0.cast(to: wire) }
        let calls = RankSumCalls(
            number: number, communicator: communicator,
            types: tensors.map { TensorType($0.shape, wire) }, wire: wire)
        let message = SymbolicTensor.applying(.hostCall(HostCall(calls.start)), operands)
        let finish = calls.finish { [self] in summed($0) }
        return SymbolicTensor.applying(.hostCall(HostCall(finish)), message).map {
            $0.cast(to: .float32)
        }
    }

    private func problem(_ tensors: [SymbolicTensor], _ wire: DType) -> GraphError? {
        if let error = tensors.lazy.compactMap(\.error).first { return error }
        if let tensor = tensors.first(where: { $0.shape.known == nil }) {
            return GraphError(
                .unknownDimension(tensor.shape, needed: "every dimension of a sum over ranks"))
        }
        if let tensor = tensors.first(where: { $0.dtype != .float32 }) {
            return GraphError(
                .invalidArgument(
                    "a sum over ranks of \(tensor.dtype.rawValue) values",
                    fix: "convert them to float32"))
        }
        guard wire.isFloatingPoint else {
            return GraphError(
                .invalidArgument(
                    "a sum over ranks as \(wire.rawValue)", fix: "send float32 or bfloat16"))
        }
        return nil
    }

    /// The sums over all ranks of gradients, in buckets in the order in which backward makes them (Li et al., 2020,
    /// arXiv:2006.15704).
    ///
    /// - Parameters:
    ///   - gradients: in the order of the layers that they are of.
    ///   - bucketByteCount: the least size of a bucket but the last; no tensor is divided.
    package func gradientsSummed(
        _ gradients: [SymbolicTensor], bucketByteCount: Int = 4 << 20, wire: DType = .float32
    ) -> [SymbolicTensor] {
        let lengths = BackwardLengths(gradients)
        let order = gradients.indices.sorted { (lengths[$0], $1) < (lengths[$1], $0) }
        var results = gradients
        var bucket: [Int] = []
        var byteCount = 0
        for (position, index) in order.enumerated() {
            bucket.append(index)
            byteCount += (gradients[index].shape.elementCount ?? 0) * wire.byteCount
            guard byteCount >= bucketByteCount || position == order.count - 1 else { continue }
            let sums = summed(bucket.map { gradients[$0] }, wire: wire)
            for (index, sum) in zip(bucket, sums) { results[index] = sum }
            (bucket, byteCount) = ([], 0)
        }
        return results
    }
}

/// How much comes before each gradient: the longest way to it.
///
/// It counts only what no size of a batch adds or removes, as it has to be equal for all ranks. Reshapes and the
/// like may be nothing for a single sample.
private struct BackwardLengths {
    private let lengths: [Int]

    init(_ gradients: [SymbolicTensor]) {
        var known: [NodeReference: Int] = [:]
        // An explicit stack: a deep model must not overflow the thread's stack.
        var stack = gradients.compactMap(\.node).map { (node: $0, next: 0) }
        while let (node, next) = stack.popLast() {
            if known[NodeReference(node)] != nil { continue }
            if next < node.inputs.count {
                stack.append((node, next + 1))
                if let input = node.inputs[next].node { stack.append((input, 0)) }
                continue
            }
            let before = node.inputs.compactMap(\.node).compactMap { known[NodeReference($0)] }
            known[NodeReference(node)] = (before.max() ?? 0) + (node.operation.isCounted ? 1 : 0)
        }
        lengths = gradients.map { gradient in
            gradient.node.flatMap { known[NodeReference($0)] } ?? 0
        }
    }

    subscript(gradient: Int) -> Int { lengths[gradient] }
}

extension Operation {
    fileprivate var isCounted: Bool {
        if case .matMul = self { return true }
        if case .hostCall = self { return true }
        return role == .backward || role == .weightsGradient
    }
}
