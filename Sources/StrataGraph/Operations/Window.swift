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

/// The geometry of a window that slides over the spatial axes of `[batch, spatial…, channels]`.
package struct Window: Sendable, Hashable {
    package var size: [Int]
    package var strides: [Int]
    package var dilations: [Int]
    package var padding: Padding
    /// Explicit padding instead of a rule, such as that of a transposed convolution.
    package var fixedMargins: [Margins]?

    /// The padding before and after an axis.
    package struct Margins: Sendable, Hashable {
        package var low: Int
        package var high: Int

        package init(low: Int, high: Int) {
            self.low = low
            self.high = high
        }
    }

    package init(
        size: [Int], strides: [Int], dilations: [Int]? = nil, padding: Padding,
        fixedMargins: [Margins]? = nil
    ) {
        self.size = size
        self.strides = strides
        self.dilations = dilations ?? size.map { _ in 1 }
        self.padding = padding
        self.fixedMargins = fixedMargins
    }

    package var rank: Int { size.count }

    /// The same along one axis, with a single element along the others.
    package func along(_ axis: Int) -> Window {
        let others = Array(repeating: 1, count: rank)
        var result = Window(size: others, strides: others, padding: padding)
        result.size[axis] = size[axis]
        result.strides[axis] = strides[axis]
        result.dilations[axis] = dilations[axis]
        result.fixedMargins = fixedMargins?.enumerated().map { index, margins in
            index == axis ? margins : Margins(low: 0, high: 0)
        }
        return result
    }

    /// The extent of a window along `axis`, with its dilation.
    package func reach(_ axis: Int) -> Int {
        dilations[axis] * (size[axis] - 1) + 1
    }

    /// The padding before and after an axis of `length`.
    package func margins(_ axis: Int, length: Int) -> (low: Int, high: Int) {
        if let fixed = fixedMargins?[axis] { return (fixed.low, fixed.high) }
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
        let (low, high) = margins(axis, length: length)
        let free = length + low + high - reach(axis)
        return free < 0 ? 0 : free / strides[axis] + 1
    }

    /// The spatial dimensions of the result.
    package func outputSize(_ image: Shape, isPool: Bool) throws(GraphError.Problem) -> [Int?] {
        // Sums of smaller values do not overflow.
        let limit = 1 << 30
        // The index of a maximum in its window is a 32-bit integer; a kernel is bounded by memory.
        let elements = isPool ? size.map(Double.init).reduce(1, *) : 1
        guard elements < Double(limit),
            (size + strides + dilations).allSatisfy((1..<limit).contains)
        else {
            throw .invalidArgument(
                "a window of \(size) with strides \(strides) and dilations \(dilations) is not possible",
                fix: "use 1 or more for each, and less than 2³⁰ elements")
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
