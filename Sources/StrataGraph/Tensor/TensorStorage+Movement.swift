/// The offsets of the indices along one axis of a result.
enum AxisOffsets {
    case even(start: Int, stride: Int, count: Int)
    case listed([Int])

    var count: Int {
        switch self {
        case .even(_, _, let count): count
        case .listed(let offsets): offsets.count
        }
    }

    /// The offset of the first index, with a constant stride.
    fileprivate func start(ofRunsOf length: Int) -> Int? {
        switch self {
        case .even(let start, let stride, let count):
            return stride == length || count <= 1 ? start : nil
        case .listed(let offsets):
            guard let first = offsets.first else { return 0 }
            let isRun = offsets.indices.allSatisfy { offsets[$0] == first + $0 * length }
            return isRun ? first : nil
        }
    }
}

/// Runs of contiguous elements, at every combination of the indices of some axes, in order.
private struct ElementRuns {
    private let axes: [AxisOffsets]
    private let start: Int
    /// Elements in a run.
    let length: Int

    init(_ offsets: [AxisOffsets]) {
        var (axes, start, length) = (offsets, 0, 1)
        while let last = axes.last, let first = last.start(ofRunsOf: length) {
            start += first
            length *= last.count
            axes.removeLast()
        }
        self.axes = axes
        self.start = start
        self.length = length
    }

    var count: Int { axes.reduce(length) { $0 * $1.count } }

    func forEach(_ body: (_ offset: Int) -> Void) { visit(0, start, body) }

    private func visit(_ axis: Int, _ offset: Int, _ body: (Int) -> Void) {
        if axis == axes.count { return body(offset) }
        let isLast = axis + 1 == axes.count
        switch axes[axis] {
        case .even(let start, let stride, let count):
            var own = offset + start
            for _ in 0..<count {
                if isLast { body(own) } else { visit(axis + 1, own, body) }
                own += stride
            }
        case .listed(let offsets):
            for own in offsets {
                if isLast { body(offset + own) } else { visit(axis + 1, offset + own, body) }
            }
        }
    }
}

extension Tensor.Storage {
    var count: Int {
        switch self {
        case .float32(let values): values.count
        case .bfloat16(let values): values.count
        case .int32(let values): values.count
        case .uint8(let values): values.count
        case .bool(let values): values.count
        }
    }

    /// The elements at every combination of the indices of some axes: the basis of slices, gathers,
    /// transposes and broadcasts.
    ///
    /// - Parameter offsets: the offsets of the indices along each axis of the result.
    func picking(_ offsets: [AxisOffsets]) -> Tensor.Storage {
        let runs = ElementRuns(offsets)
        func pick<T>(_ values: [T]) -> [T] {
            let count = runs.count
            return [T](unsafeUninitializedCapacity: count) { result, initialized in
                initialized = count
                guard count > 0, let to = result.baseAddress else { return }
                values.withUnsafeBufferPointer { values in
                    guard let from = values.baseAddress else { return }
                    var index = 0
                    runs.forEach { offset in
                        (to + index).initialize(from: from + offset, count: runs.length)
                        index += runs.length
                    }
                }
            }
        }
        return switch self {
        case .float32(let values): .float32(pick(values))
        case .bfloat16(let values): .bfloat16(pick(values))
        case .int32(let values): .int32(pick(values))
        case .uint8(let values): .uint8(pick(values))
        case .bool(let values): .bool(pick(values))
        }
    }

    /// Assigns elements of the same type at the offsets of `picking`.
    mutating func put(_ elements: Tensor.Storage, at offsets: [AxisOffsets]) {
        let runs = ElementRuns(offsets)
        func put<T>(_ source: [T], into values: inout [T]) {
            guard runs.count > 0 else { return }
            values.withUnsafeMutableBufferPointer { values in
                source.withUnsafeBufferPointer { source in
                    guard let to = values.baseAddress, let from = source.baseAddress else { return }
                    var index = 0
                    runs.forEach { offset in
                        (to + offset).update(from: from + index, count: runs.length)
                        index += runs.length
                    }
                }
            }
        }
        switch (self, elements) {
        case (.float32(var values), .float32(let source)):
            self = .bool([])
            put(source, into: &values)
            self = .float32(values)
        case (.bfloat16(var values), .bfloat16(let source)):
            self = .bool([])
            put(source, into: &values)
            self = .bfloat16(values)
        case (.int32(var values), .int32(let source)):
            self = .bool([])
            put(source, into: &values)
            self = .int32(values)
        case (.uint8(var values), .uint8(let source)):
            self = .bool([])
            put(source, into: &values)
            self = .uint8(values)
        case (.bool(var values), .bool(let source)):
            self = .bool([])
            put(source, into: &values)
            self = .bool(values)
        case (.float32, _), (.bfloat16, _), (.int32, _), (.uint8, _), (.bool, _):
            break
        }
    }
}
