/// The contents of a tensor literal: numbers, booleans, and nested lists of these.
public enum TensorLiteral: Sendable, Hashable {
    case number(Double)
    case truth(Bool)
    case list([TensorLiteral])
}

extension TensorLiteral: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(booleanLiteral value: Bool) { self = .truth(value) }
    public init(arrayLiteral elements: TensorLiteral...) { self = .list(elements) }

    /// The lengths of the lists, outermost first.
    fileprivate func shape() throws(GraphError) -> [Int] {
        guard case .list(let parts) = self else { return [] }
        let first = try parts.first?.shape() ?? []
        for (row, part) in parts.enumerated() where try part.shape() != first {
            throw GraphError(
                .invalidArgument(
                    "row 0 has the shape \(first), but row \(row) has \(try part.shape())",
                    fix: "make all rows equally long"))
        }
        return [parts.count] + first
    }

    fileprivate var isTruth: Bool {
        switch self {
        case .number: false
        case .truth: true
        case .list(let parts): !parts.isEmpty && parts.allSatisfy(\.isTruth)
        }
    }

    fileprivate func append(to numbers: inout [Float]) {
        switch self {
        case .number(let value): numbers.append(Float(value))
        case .truth(let value): numbers.append(value ? 1 : 0)
        case .list(let parts): for part in parts { part.append(to: &numbers) }
        }
    }
}

extension Tensor: ExpressibleByArrayLiteral {
    /// A tensor from a literal: `float32` for numbers, `bool` for booleans.
    ///
    /// ```swift
    /// let matrix: Tensor = [[1, 2], [3, 4]]
    /// ```
    ///
    /// - Precondition: rows are equally long.
    public init(arrayLiteral elements: TensorLiteral...) {
        let list = TensorLiteral.list(elements)
        let shape = required { () throws(GraphError) in try list.shape() }
        var numbers: [Float] = []
        list.append(to: &numbers)
        self = Tensor(storage: .float32(numbers), shape: shape)
            .cast(to: list.isTruth ? .bool : .float32)
    }
}
