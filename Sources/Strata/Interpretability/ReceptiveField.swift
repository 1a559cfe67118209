/// The receptive field of a position in a layer's output.
///
/// A field grows by (window − 1) times the stride of all layers before: that of two 3 × 3
/// convolutions is 5 × 5, and after a 2 × 2 pooling each further convolution adds 4 (Araujo, Norris
/// and Sim, 2019).
public struct ReceptiveField: Sendable, Hashable {
    /// Along one spatial axis, in the input's pixels.
    public struct Extent: Sendable, Hashable {
        public var size: Int
        /// The distance of neighbouring fields.
        public var stride: Int
        /// The first pixel of the first position's field; negative in padding.
        public var start: Int
    }

    /// The layer's name.
    public let layer: String
    /// Its class.
    public let className: String
    /// Height, width and so on; `nil` if each position depends on the whole input.
    public let extents: [Extent]?
    /// The spatial dimensions of the output; empty if it is not an image.
    public let outputSize: [Int]
}

extension ReceptiveField: CustomStringConvertible {
    /// `conv2d_1 (Conv2D): 5 × 5 pixels, 1 apart`.
    public var description: String {
        let view =
            extents.map { extents in
                let size = extents.map { "\($0.size)" }.joined(separator: " × ")
                let strides = Set(extents.map(\.stride)).sorted().map(String.init)
                return "\(size) pixels, \(strides.joined(separator: " and ")) apart"
            } ?? "all of the input"
        return "\(layer) (\(className)): \(view)"
    }
}

extension Model {
    /// The receptive fields of all layers, in the order of calls.
    ///
    /// They follow from the layers' operations: windows of convolutions and pooling; elementwise
    /// operations do not change them. After a Flatten, a Dense or a global pooling, the field is
    /// the whole image.
    ///
    /// - Parameter sample: an image as the model's input, which sets the size for a model of any
    ///   image size.
    /// - Throws: a ``ModelError`` if the input's size is open and there is no image, or it does not
    ///   fit.
    public func receptiveFields(over sample: Tensor? = nil) throws -> [ReceptiveField] {
        guard let wiring, let input = wiring.inputs.first, wiring.inputs.count == 1 else {
            throw ModelError(.unbuilt(model: name))
        }
        let shape = try sample.map { Shape(try batch(of: $0).shape) } ?? input.shape
        guard shape.dimensions.dropFirst().allSatisfy({ $0 != nil }) else {
            throw ModelError(
                .invalidArgument(
                    "the input's size \(input.shape) is open",
                    fix: "give a picture, whose size it is then: receptiveFields(over: picture)"))
        }
        let known = SymbolicTensor.input(
            "sample", Shape([1] + shape.dimensions.dropFirst()), dtype: input.dtype)
        var walk = FieldWalk()
        var fields: [ReceptiveField] = []
        _ = wiring.replay([known], CallContext(isTraining: false)) { call, results in
            guard let result = results.first, result.error == nil else { return results }
            let isFirst = call.layer.config["data_format"] == .string("channels_first")
            let size = result.shape.dimensions.compactMap { $0 }.dropFirst()
            let axes = size.count > 1 ? Array(isFirst ? size.dropFirst() : size.dropLast()) : []
            let extents: [ReceptiveField.Extent]? =
                switch walk.view(of: result) {
                case .window(let extents): extents
                case .nothing, .everything: nil
                }
            fields.append(
                ReceptiveField(
                    layer: call.layer.name, className: type(of: call.layer).className,
                    extents: extents, outputSize: axes))
            return results
        }
        return fields
    }

    /// A layer's receptive field.
    package func receptiveField(of layer: String, over sample: Tensor) throws -> ReceptiveField? {
        _ = try call(of: layer)
        return try receptiveFields(over: sample).last { $0.layer == layer }
    }
}

/// Propagates receptive fields through the operations of a graph.
private struct FieldWalk {
    enum View {
        /// A weight or a constant.
        case nothing
        case window([ReceptiveField.Extent])
        case everything
    }

    private var known: [NodeReference: View] = [:]

    mutating func view(of tensor: SymbolicTensor) -> View {
        guard let root = tensor.node else { return .everything }
        // An explicit stack: a deep model must not overflow the thread's.
        var stack = [root]
        while let node = stack.last {
            let open = node.inputs.compactMap(\.node).filter { known[NodeReference($0)] == nil }
            if open.isEmpty || known[NodeReference(node)] != nil {
                stack.removeLast()
                if known[NodeReference(node)] == nil { known[NodeReference(node)] = result(node) }
            } else {
                stack += open
            }
        }
        return known[NodeReference(root)] ?? .everything
    }

    private func result(_ node: Node) -> View {
        let views = node.inputs.map { $0.node.flatMap { known[NodeReference($0)] } ?? .everything }
        let operation = node.operation
        if case .input = operation {
            let rank = max(node.outputs[0].shape.rank - 2, 0)
            let pixel = ReceptiveField.Extent(size: 1, stride: 1, start: 0)
            return .window(Array(repeating: pixel, count: rank))
        }
        guard let first = views.first else { return .nothing }
        let image = node.inputs[0].shape.known ?? []
        if case .convolution(let convolution) = operation {
            return slid(convolution.window, over: first, image)
        }
        if case .pooling(let pooling) = operation {
            return slid(pooling.window(over: image), over: first, image)
        }
        if case .batchNormalization(let normalization) = operation,
            normalization.usesGivenStatistics
        {
            return first
        }
        return isPlaceByPlace(operation) ? views.reduce(.nothing, joined) : seen(views)
    }

    private func isPlaceByPlace(_ operation: Operation) -> Bool {
        if case .unary = operation { return true }
        if case .binary = operation { return true }
        if case .select = operation { return true }
        if case .cast = operation { return true }
        if case .dropout = operation { return true }
        if case .concatenate = operation { return true }
        // Data formats differ in where the channels are, not in the order of the other axes.
        if case .transpose = operation { return true }
        return false
    }

    /// The field of an operation that mixes positions: the whole image, unless it depends on no
    /// pixel.
    private func seen(_ views: [View]) -> View {
        let isBlind = views.allSatisfy { if case .nothing = $0 { true } else { false } }
        return isBlind ? .nothing : .everything
    }

    private func slid(_ window: Window, over view: View, _ image: [Int]) -> View {
        guard case .window(let extents) = view, extents.count == window.rank,
            image.count == window.rank + 2
        else { return view }
        return .window(
            extents.enumerated().map { axis, extent in
                let margin = window.edgePadding(axis, length: image[axis + 1]).before
                return ReceptiveField.Extent(
                    size: extent.size + (window.reach(axis) - 1) * extent.stride,
                    stride: extent.stride * window.strides[axis],
                    start: extent.start - margin * extent.stride)
            })
    }

    private func joined(_ a: View, _ b: View) -> View {
        switch (a, b) {
        case (.nothing, let other), (let other, .nothing): return other
        case (.everything, _), (_, .everything): return .everything
        case (.window(let left), .window(let right)):
            guard left.map(\.stride) == right.map(\.stride) else { return .everything }
            return .window(
                zip(left, right).map { a, b in
                    let start = min(a.start, b.start)
                    let end = max(a.start + a.size, b.start + b.size)
                    return ReceptiveField.Extent(
                        size: end - start, stride: a.stride, start: start)
                })
        }
    }
}
