/// A kernel bound to memory, ready to be called again and again.
struct BoundKernel {
    typealias Function = @convention(c) (UnsafeRawPointer?) -> Int32

    let function: Function
    let argument: UnsafeRawPointer
    /// What the argument points to.
    private let owners: [AnyObject]

    /// - Parameters:
    ///   - function: called with the address of a copy of `arguments`.
    ///   - arguments: a structure of C.
    ///   - tables: memory that `arguments` points to, besides the plan's.
    init<Arguments>(_ function: Function, _ arguments: Arguments, tables: [AnyObject] = []) {
        let copy = ArgumentTable([arguments])
        self.init(function, at: UnsafeRawPointer(copy.base), owners: tables + [copy])
    }

    init(_ function: Function, at argument: UnsafeRawPointer, owners: [AnyObject]) {
        (self.function, self.argument, self.owners) = (function, argument, owners)
    }
}

/// Values at an address that stays, for C to use.
final class ArgumentTable<Element> {
    let address: UnsafeMutablePointer<Element>

    init(_ elements: [Element]) {
        address = .allocate(capacity: max(elements.count, 1))
        address.initialize(from: elements, count: elements.count)
    }

    var base: UnsafePointer<Element> { UnsafePointer(address) }

    deinit { address.deallocate() }
}

/// Fills one of C's fixed arrays of axes.
func copyAxes<Axes>(_ values: [Int], to axes: inout Axes) {
    withUnsafeMutableBytes(of: &axes) { bytes in
        let elements = bytes.bindMemory(to: Int64.self)
        for (index, value) in values.prefix(elements.count).enumerated() {
            elements[index] = Int64(value)
        }
    }
}

/// As many axes as a loop has: an image in one dimension is one of a single row.
func axes(_ count: Int, _ values: some Collection<Int>, first: Int) -> [Int] {
    Array(repeating: first, count: count - values.count) + values
}
