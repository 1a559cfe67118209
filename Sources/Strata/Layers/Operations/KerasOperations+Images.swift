internal import StrataGraph

extension KerasOperations {
    /// Operations on images.
    static let images: Table = [
        "Resize": { a in
            let size = try a.ints("size") ?? []
            guard size.count == 2 else {
                throw GraphError.Problem.invalidArgument(
                    "a size of \(size)", fix: "give a height and a width")
            }
            return try a.applied(
                [Resizing.self], first: 2,
                ["height": .integer(size[0]), "width": .integer(size[1])])
        },
        "RGBToGrayscale": { try $0.grey() },
        "PadImages": { try $0.margins { $0.padded(before: $1, after: $2) } },
        "CropImages": { try $0.margins { $0.cropped(before: $1, after: $2) } },
    ]
}

extension OperationArguments {
    /// The weighted sum of red, green and blue, with Keras's weights (ITU-R BT.601).
    fileprivate func grey() throws -> SymbolicTensor {
        let weights = SymbolicTensor.constant(
            Tensor([0.2989, 0.5870, 0.1140], shape: [3, 1]))
        let format = try configuration.dataFormat()
        return try same { x in
            x.withChannelsLast(format) { $0.multiplied(by: weights.cast(to: $0.dtype)) }
        }
    }

    /// Padding before and after height and width.
    fileprivate func margins(
        _ body: (SymbolicTensor, _ before: [Int], _ after: [Int]) -> SymbolicTensor
    ) throws -> SymbolicTensor {
        let x = try tensor()
        try x.shape.checkImage(2)
        let kind = object("top_padding") ? "padding" : "cropping"
        let axis = try configuration.dataFormat() == .channelsLast ? 1 : 2
        var (before, after) = ([0, 0, 0, 0], [0, 0, 0, 0])
        let sides = [("top", "bottom", "target_height"), ("left", "right", "target_width")]
        for (number, (start, end, target)) in sides.enumerated() {
            let index = axis + number
            let first = try ints("\(start)_\(kind)")?.first
            let last = try ints("\(end)_\(kind)")?.first
            if let first, let last {
                (before[index], after[index]) = (first, last)
                continue
            }
            guard let wanted = try ints(target)?.first, let known = first ?? last else {
                throw GraphError.Problem.invalidArgument(
                    "neither both sides nor a size is given", fix: "give two of the three")
            }
            let length = try length(index)
            let rest = (kind == "padding" ? wanted - length : length - wanted) - known
            (before[index], after[index]) = (first ?? rest, last ?? rest)
        }
        guard (before + after).allSatisfy({ $0 >= 0 }) else {
            throw GraphError.Problem.invalidArgument(
                "padding of \(before) and \(after)", fix: "use sizes that fit")
        }
        return body(x, before, after)
    }

    private func object(_ name: String) -> Bool { configuration.members[name] != nil }
}

extension SymbolicTensor {
    fileprivate func cropped(before: [Int], after: [Int]) -> SymbolicTensor {
        var (result, axis) = (self, 0)
        for (first, last) in zip(before, after) {
            defer { axis += 1 }
            if first == 0, last == 0 { continue }
            guard let length = result.shape[axis] else {
                return SymbolicTensor(
                    failure: GraphError(.unknownDimension(shape, needed: "height and width")))
            }
            result = result.sliced(axis, from: first, count: Swift.max(length - first - last, 0))
        }
        return result
    }
}
