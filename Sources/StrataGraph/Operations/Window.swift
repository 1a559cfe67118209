/// The padding rule of a window.
public enum Padding: String, Sendable, Hashable, CaseIterable {
    /// No padding.
    case valid
    /// A stride of 1 keeps the size; an odd element is added at the end, as in TensorFlow.
    case same
    /// The largest padding: a stride of 1 gives input + kernel − 1.
    case full
    /// Padding before the axis only, so that no output depends on later inputs (van den Oord et
    /// al., 2016).
    case causal
}

extension Padding: AttributeConvertible {}

/// The geometry of a window that slides over the spatial axes of `[batch, spatial…, channels]`.
package struct Window: Sendable, Hashable {
    package var size: [Int]
    package var strides: [Int]
    package var dilations: [Int]
    package var padding: Padding
    /// Explicit padding instead of a rule, such as that of a transposed convolution.
    package var explicitPadding: ExplicitPadding?

    /// The padding before and after each axis.
    package struct ExplicitPadding: Sendable, Hashable {
        package var before: [Int]
        package var after: [Int]
    }

    /// The attributes of a window that has a size: `[.required("kernelSize", \.size)]` and these.
    package static let attributes: [Attribute<Window>] = [
        .optional("strides", \.strides) { $0.size.map { _ in 1 } },
        .optional("dilations", \.dilations) { $0.size.map { _ in 1 } },
        .optional("padding", \.padding), .optional("paddingBefore", \.paddingBefore),
        .optional("paddingAfter", \.paddingAfter),
    ]

    /// The prototype for attributes.
    static let prototype = Window(size: [], strides: [], padding: .valid)

    package init(size: [Int], strides: [Int], dilations: [Int]? = nil, padding: Padding) {
        self.size = size
        self.strides = strides
        self.dilations = dilations ?? size.map { _ in 1 }
        self.padding = padding
    }

    package var rank: Int { size.count }

    /// The same along one axis, with a single element along the others.
    package func along(_ axis: Int) -> Window {
        let others = Array(repeating: 1, count: rank)
        var result = Window(size: others, strides: others, padding: padding)
        result.size[axis] = size[axis]
        result.strides[axis] = strides[axis]
        result.dilations[axis] = dilations[axis]
        result.explicitPadding = explicitPadding.map { padding in
            var (before, after) = (others.map { _ in 0 }, others.map { _ in 0 })
            before[axis] = padding.before[axis]
            after[axis] = padding.after[axis]
            return ExplicitPadding(before: before, after: after)
        }
        return result
    }

    /// The extent of a window along `axis`, with its dilation.
    package func reach(_ axis: Int) -> Int {
        dilations[axis] * (size[axis] - 1) + 1
    }

    /// The padding before and after an axis of `length`.
    package func edgePadding(_ axis: Int, length: Int) -> (before: Int, after: Int) {
        if let explicitPadding {
            return (explicitPadding.before[axis], explicitPadding.after[axis])
        }
        switch padding {
        case .valid:
            return (0, 0)
        case .same:
            let count = (length + strides[axis] - 1) / strides[axis]
            let total = max((count - 1) * strides[axis] + reach(axis) - length, 0)
            return (total / 2, total - total / 2)
        case .full:
            return (reach(axis) - 1, reach(axis) - 1)
        case .causal:
            return (reach(axis) - 1, 0)
        }
    }

    /// The number of positions of the window along an axis of `length`; below 1 if it does not fit.
    package func count(_ axis: Int, length: Int) -> Int {
        let (before, after) = edgePadding(axis, length: length)
        let free = length + before + after - reach(axis)
        return free < 0 ? 0 : free / strides[axis] + 1
    }

    /// The spatial dimensions of the result.
    package func outputSize(_ image: Shape, isPool: Bool) throws(GraphError.Problem) -> [Int?] {
        let explicit = explicitPadding
        let lists = [strides, dilations] + (explicit.map { [$0.before, $0.after] } ?? [])
        if let list = lists.first(where: { $0.count != rank }) {
            throw .invalidArgument(
                "a window of \(size) came with \(list) for its axes",
                fix: "give strides, dilations and padding one number for each axis of the window")
        }
        // Sums of smaller values do not overflow.
        let limit = 1 << 30
        // The index of a maximum in its window is a 32-bit integer; a kernel is bounded by memory.
        let elements = isPool ? size.map(Double.init).reduce(1, *) : 1
        guard elements < Double(limit),
            (size + strides + dilations).allSatisfy((1..<limit).contains),
            ((explicit?.before ?? []) + (explicit?.after ?? [])).allSatisfy((0..<limit).contains)
        else {
            throw .invalidArgument(
                "a window of \(size) with strides \(strides) and dilations \(dilations) is not possible",
                fix: "use 1 or more for each, and less than 2³⁰ elements")
        }
        guard (1...3).contains(rank) else {
            throw .invalidArgument(
                "a window of \(size) has \(rank) axes", fix: "use 1 to 3 spatial axes")
        }
        var result: [Int?] = []
        for axis in 0..<rank {
            guard let length = image[axis + 1] else {
                result.append(nil)
                continue
            }
            let count = count(axis, length: length)
            guard count > 0 else {
                throw .tooSmall(
                    image: image, window: (0..<rank).map { reach($0) }, isPool: isPool)
            }
            result.append(count)
        }
        return result
    }
}

/// Explicit padding as attributes: one list alone is found when the window is used.
extension Window {
    var paddingBefore: [Int]? {
        get { explicitPadding?.before }
        set { setExplicitPadding(before: newValue, after: paddingAfter) }
    }

    var paddingAfter: [Int]? {
        get { explicitPadding?.after }
        set { setExplicitPadding(before: paddingBefore, after: newValue) }
    }

    private mutating func setExplicitPadding(before: [Int]?, after: [Int]?) {
        let isGiven = before != nil || after != nil
        explicitPadding = isGiven ? ExplicitPadding(before: before ?? [], after: after ?? []) : nil
    }
}
