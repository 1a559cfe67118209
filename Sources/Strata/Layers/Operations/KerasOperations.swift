internal import StrataGraph

/// The operations of `keras.ops` that files may contain outside of layers, by Keras's class names.
///
/// **One line each** in a table: the name, and a function of the arguments. Keras 3.15.1, the
/// modules `keras.src.ops.numpy`, `nn`, `math`, `core`, `image` and `linalg`.
enum KerasOperations {
    typealias Body = @Sendable (OperationArguments) throws -> [SymbolicTensor]
    /// An operation with one result, as most are.
    typealias Table = [String: @Sendable (OperationArguments) throws -> SymbolicTensor]

    private static let tables = [
        elements, conditions, reductions, shapes, products, networks, images,
    ]

    static func body(of className: String) -> Body? {
        for table in tables {
            if let single = table[className] { return { [try single($0)] } }
        }
        return several[className]
    }

    /// All names that are known.
    static var classNames: [String] { (tables.flatMap(\.keys) + several.keys).sorted() }

    /// Operations with several results.
    private static let several: [String: Body] = [
        "Split": { try $0.split() },
        "Unstack": { Ops.unstack(try $0.tensor(), axis: try $0.int("axis", default: 0)) },
        "Moments": { a in
            let axes = Axes(try a.axes("axes") ?? [])
            let result = Ops.moments(
                try a.float(), axes: axes, keepDimensions: try a.flag("keepdims"))
            return [result.mean, result.variance]
        },
    ]
}
