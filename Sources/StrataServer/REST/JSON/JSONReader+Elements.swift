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
        var count = 0
        try enter(UInt8(ascii: "["), what)
        skipSpace()
        if !take(UInt8(ascii: "]")) {
            repeat {
                skipSpace()
                if next == UInt8(ascii: "[") {
                    guard elements.leafDepth.map({ $0 > depth }) ?? true else {
                        throw failure("\(what) has an array beside elements")
                    }
                    try self.elements(what, into: &elements, depth: depth + 1, element)
                } else {
                    if elements.leafDepth != depth {
                        guard elements.leafDepth == nil, elements.shape.count == depth + 1 else {
                            throw failure("\(what) has an element beside arrays")
                        }
                        elements.leafDepth = depth
                    }
                    elements.values.append(try element(&self))
                }
                count += 1
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw failure("a comma or ] is expected") }
        }
        leave()
        guard elements.shape[depth] == -1 || elements.shape[depth] == count else {
            throw failure(
                "\(what) has arrays of \(elements.shape[depth]) and of \(count) elements beside "
                    + "each other", at: start)
        }
        elements.shape[depth] = count
    }
}
#endif
