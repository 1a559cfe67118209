#if Server
/// The elements of nested arrays, row-major.
struct NestedElements<Element> {
    var values: [Element] = []
    /// The lengths of the arrays, outermost first.
    var shape: [Int] = []
    /// The depth at which elements stand.
    fileprivate var leafDepth: Int?

    /// - Parameter capacity: the number of elements that is expected.
    init(capacity: Int = 0) { values.reserveCapacity(capacity) }

    /// Takes the next array as one of its own, whose elements are appended.
    mutating func startAnew() {
        shape = []
        leafDepth = nil
    }
}

extension JSONReader {
    /// Reads an array of elements, flat or nested, whose rows are equally long.
    mutating func elements<Element>(
        _ what: String, into elements: inout NestedElements<Element>,
        _ element: (inout JSONReader) throws(ServingError) -> Element
    ) throws(ServingError) {
        try self.elements(what, into: &elements, depth: 0, element)
    }

    private mutating func elements<Element>(
        _ what: String, into elements: inout NestedElements<Element>, depth: Int,
        _ element: (inout JSONReader) throws(ServingError) -> Element
    ) throws(ServingError) {
        let start = position
        if elements.shape.count == depth { elements.shape.append(-1) }
        let count = try array(what) { reader throws(ServingError) in
            if try reader.start() == UInt8(ascii: "[") {
                guard elements.leafDepth.map({ $0 > depth }) ?? true else {
                    throw reader.failure("\(what) has an array beside elements")
                }
                try reader.elements(what, into: &elements, depth: depth + 1, element)
            } else {
                guard elements.leafDepth.map({ $0 == depth }) ?? (elements.shape.count == depth + 1)
                else {
                    throw reader.failure("\(what) has an element beside arrays")
                }
                elements.leafDepth = depth
                elements.values.append(try element(&reader))
            }
        }
        guard elements.shape[depth] == -1 || elements.shape[depth] == count else {
            throw failure(
                "\(what) has arrays of \(elements.shape[depth]) and of \(count) elements beside "
                    + "each other", at: start)
        }
        elements.shape[depth] = count
    }
}
#endif
