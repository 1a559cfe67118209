internal import StrataGraph

/// The smallest image for which all windows on the path to a tensor fit.
///
/// The calls are traced with images of other sizes. Their layers may have weights already, which do
/// not depend on the size; layers after the failed one have none, and copies of them are traced.
struct SmallestImage {
    /// Larger sizes are not searched.
    private static let largest = 4096

    /// The error of a tensor, with the smallest image size for all calls on the path to it.
    static func completed(_ error: GraphError, of tensor: SymbolicTensor) -> GraphError {
        guard case .tooSmall(_, let window, _) = error.problem,
            let end = tensor.producer as? LayerCall
        else { return error }
        var error = error
        error.smallestImage =
            SmallestImage(to: end, rank: window.count, of: error)?.size ?? error.smallestImage
        return error
    }

    private let entry: LayerCall
    private let rank: Int
    private let isChannelsFirst: Bool
    /// The calls to trace, inputs before their users.
    private var steps: [(call: LayerCall, layer: Layer)] = []

    /// - Returns: `nil` if the calls do not start from a single image, or the failed layer cannot
    ///   be copied.
    private init?(to end: LayerCall, rank: Int, of error: GraphError) {
        let calls = Self.calls(to: end)
        let entries = calls.filter { $0.inputs.isEmpty }
        guard let entry = entries.first, entries.count == 1,
            let image = entry.outputs.first, image.rank == rank + 2
        else { return nil }
        self.entry = entry
        self.rank = rank
        isChannelsFirst = calls.contains {
            $0.layer.config["data_format"] == .string(DataFormat.channelsFirst.rawValue)
        }
        let others = calls.filter { !$0.inputs.isEmpty }
        steps = others.compactMap { call in
            (call.layer.builtShapes == nil ? Self.copy(of: call.layer) : call.layer)
                .map { (call, $0) }
        }
        // Copies get their weights here. Values that are not images have no minimum size.
        let open = outputs(of: image, Array(repeating: nil, count: rank))
        steps.removeAll { call, _ in open[ObjectIdentifier(call)]?.rank != rank + 2 }
        // A failure with the largest image has another reason.
        let most = outputs(of: image, Array(repeating: Self.largest, count: rank))
        steps.removeAll { call, _ in most[ObjectIdentifier(call)] == nil }
        let failed = error.layer?.split(separator: "/").first
        guard steps.contains(where: { call, _ in call.layer.name[...] == failed }) else {
            return nil
        }
    }

    /// The calls on the path to one, inputs before their users.
    private static func calls(to end: LayerCall) -> [LayerCall] {
        var order: [LayerCall] = []
        var seen: Set<ObjectIdentifier> = []
        // An explicit stack: a deep model must not overflow the thread's.
        var stack = [(call: end, isDone: false)]
        while let (call, isDone) = stack.popLast() {
            if isDone {
                order.append(call)
            } else if seen.insert(ObjectIdentifier(call)).inserted {
                stack.append((call, true))
                stack += call.inputs.compactMap { $0.producer as? LayerCall }.map { ($0, false) }
            }
        }
        return order
    }

    /// A layer with the same arguments and zeros as weights; `nil` if it cannot be made.
    private static func copy(of layer: Layer) -> Layer? {
        guard layer is any SerializableLayer, layer.sublayers.isEmpty else { return nil }
        return try? LayerRegistry.layer(layer.serialized, path: layer.name)
    }

    /// The shapes of the calls for an image of a size, without those that fail and those after
    /// them.
    private func outputs(of image: SymbolicTensor, _ size: [Int?]) -> [ObjectIdentifier: Shape] {
        let dimensions =
            isChannelsFirst
            ? [image.shape[0], image.shape[1]] + size : [image.shape[0]] + size + [image.shape[-1]]
        let value = SymbolicTensor.input("image", Shape(dimensions), dtype: image.dtype)
        var known: [ObjectIdentifier: [SymbolicTensor]] = [ObjectIdentifier(entry): [value]]
        let budget = DecodingLimits(elementCount: .max)
        DecodingLimits.$current.withValue(budget) {
            for (call, layer) in steps {
                let inputs = call.inputs.compactMap { input in
                    (input.producer as? LayerCall).flatMap { known[ObjectIdentifier($0)] }
                        .flatMap { $0.dropFirst(input.producerOutput).first }
                }
                guard inputs.count == call.inputs.count else { continue }
                let results = layer.trace(inputs, CallContext(isTraining: false))
                if results.allSatisfy({ $0.error == nil }) {
                    known[ObjectIdentifier(call)] = results
                }
            }
        }
        return known.compactMapValues { $0.first?.shape }
    }

    private var size: [Int]? {
        guard let image = entry.outputs.first, !steps.isEmpty else { return nil }
        let fits = { (size: [Int]) in outputs(of: image, size).count == steps.count + 1 }
        let common = search { fits(Array(repeating: $0, count: rank)) }
        var size = Array(repeating: common, count: rank)
        for axis in size.indices {
            size[axis] = search { length in
                var tried = size
                tried[axis] = length
                return fits(tried)
            }
        }
        return size
    }

    /// The smallest length that fits; larger ones fit as well.
    private func search(_ fits: (Int) -> Bool) -> Int {
        var (low, high) = (1, Self.largest)
        while low < high {
            let middle = (low + high) / 2
            if fits(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension SymbolicTensor {
    /// The tensor with the smallest image size in its error, if it carries one.
    var completed: SymbolicTensor {
        guard let error else { return self }
        var tensor = SymbolicTensor(failure: SmallestImage.completed(error, of: self))
        tensor.producer = producer
        return tensor
    }
}
