internal import StrataGraph

/// The smallest input with which a layer's window would still fit.
///
/// The calls before the layer are tried with images of other sizes; they have their weights already,
/// which do not depend on the size.
enum SmallestImage {
    /// Beyond this no answer is worth giving.
    private static let largest = 4096

    static func find(for error: GraphError, _ inputs: [SymbolicTensor]) -> [Int]? {
        guard case .tooSmall(_, let window, _) = error.problem else { return nil }
        var calls: [LayerCall] = []
        var current = inputs.first
        while let call = current?.producer as? LayerCall, call.inputs.count == 1 {
            calls.append(call)
            current = call.inputs.first
        }
        guard let entry = current, let input = entry.producer as? LayerCall,
            input.inputs.isEmpty, entry.rank == window.count + 2
        else { return nil }
        let fits = { (size: [Int]) in
            reach(size, entry, calls.reversed()).map { zip($0, window).allSatisfy { $0 >= $1 } }
                ?? false
        }
        guard
            let common = search({ fits(Array(repeating: $0, count: window.count)) })
        else { return nil }
        var size = Array(repeating: common, count: window.count)
        for axis in size.indices {
            let smaller = search { length in
                var tried = size
                tried[axis] = length
                return fits(tried)
            }
            size[axis] = smaller ?? common
        }
        return size
    }

    /// The least length that fits; more of it never hurts.
    private static func search(_ fits: (Int) -> Bool) -> Int? {
        guard fits(largest) else { return nil }
        var (low, high) = (1, largest)
        while low < high {
            let middle = (low + high) / 2
            if fits(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// What is left of an image of `size` after the calls; `nil` where one of them fails.
    private static func reach(_ size: [Int], _ entry: SymbolicTensor, _ calls: [LayerCall])
        -> [Int]?
    {
        let isChannelsFirst = calls.contains {
            $0.layer.config["data_format"] == .string(DataFormat.channelsFirst.rawValue)
        }
        let shape =
            isChannelsFirst
            ? Shape([entry.shape[0], entry.shape[1]] + size)
            : Shape([entry.shape[0]] + size + [entry.shape[-1]])
        var value = SymbolicTensor.input("image", shape, dtype: entry.dtype)
        for call in calls {
            value = call.layer.trace([value], CallContext(isTraining: false))[0]
        }
        let places = value.shape.dimensions.dropFirst()
        return Shape(Array(isChannelsFirst ? places.dropFirst() : places.dropLast())).known
    }
}
