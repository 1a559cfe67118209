/// Einstein notation for a product of two tensors.
///
/// `abc,cd->abd` names the axes of both tensors and of the result; an axis that the result does not
/// name is summed over. `...` stands for all axes that have no name.
struct EinsumEquation {
    private(set) var left: [Character]
    private(set) var right: [Character]
    private(set) var result: [Character]

    /// - Parameters:
    ///   - text: two tensors' axes and the result's.
    ///   - leftRank: the rank of the first tensor.
    ///   - rightRank: the rank of the second tensor.
    /// - Throws: an error of the equation, or the reason why it does not fit the tensors.
    init(_ text: String, leftRank: Int, rightRank: Int) throws(GraphError.Problem) {
        let sides = text.filter { $0 != " " }.split(
            separator: "->", omittingEmptySubsequences: false)
        let operands = sides.first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
        guard sides.count == 2, operands.count == 2 else { throw Self.problem(text) }
        (left, right, result) = ([], [], [])
        left = try Self.axes(operands[0], rank: leftRank, text)
        right = try Self.axes(operands[1], rank: rightRank, text)
        let unnamed = (left + right).filter(\.isNumber).map { $0.wholeNumberValue ?? 0 }
        result = try Self.axes(sides[1], rank: nil, hidden: (unnamed.max() ?? -1) + 1, text)
        guard Set(result).isSubset(of: left + right) else { throw Self.problem(text) }
    }

    private static func problem(_ text: String) -> GraphError.Problem {
        .invalidArgument(
            "the equation \(text) does not fit its tensors",
            fix: "write it as two tensors' axes and the result's, such as abc,cd->abd; "
                + "each axis is one letter, once in a tensor, and ... stands for the others")
    }

    /// The axes of one tensor; those behind `...` are named by digits, counted from the last.
    private static func axes(
        _ part: Substring, rank: Int?, hidden: Int = 0, _ text: String
    ) throws(GraphError.Problem) -> [Character] {
        let pieces = part.split(separator: "...", omittingEmptySubsequences: false)
        let letters = pieces.joined()
        guard pieces.count <= 2, letters.allSatisfy({ $0.isASCII && $0.isLetter }),
            Set(letters).count == letters.count
        else { throw problem(text) }
        guard pieces.count == 2 else {
            if let rank, rank != letters.count { throw problem(text) }
            return Array(letters)
        }
        let count = rank.map { $0 - letters.count } ?? hidden
        guard (0...9).contains(count) else { throw problem(text) }
        let digits = (0..<count).reversed().map { Character("\($0)") }
        return Array(pieces[0]) + digits + Array(pieces[1])
    }
}

extension SymbolicTensor {
    /// The product of two tensors in Einstein notation, such as `abc,cd->abd`.
    ///
    /// Keras 3.15.1 `ops.einsum` of two operands, each of whose axes is named once.
    func einsum(_ equation: String, _ other: SymbolicTensor) -> SymbolicTensor {
        if let error = error ?? other.error { return SymbolicTensor(failure: error) }
        do throws(GraphError.Problem) {
            let equation = try EinsumEquation(
                equation, leftRank: rank, rightRank: other.rank)
            return try product(with: other, equation)
        } catch {
            return SymbolicTensor(failure: GraphError(error))
        }
    }

    private func product(with other: SymbolicTensor, _ equation: EinsumEquation)
        throws(GraphError.Problem) -> SymbolicTensor
    {
        // Axes of only one tensor that the result does not have are summed over first.
        let (a, left) = summed(equation.left, keeping: equation.right + equation.result)
        let (b, right) = other.summed(equation.right, keeping: equation.left + equation.result)
        var sizes: [Character: Int?] = [:]
        for (axis, size) in zip(left + right, a.shape.dimensions + b.shape.dimensions) {
            let known = sizes[axis] ?? nil
            if let known, let size, known != size {
                throw .notBroadcastable(self.shape, other.shape)
            }
            sizes[axis] = .some(known ?? size)
        }
        func shape(_ axes: [Character]) -> Shape { Shape(axes.map { sizes[$0] ?? nil }) }
        let common = left.filter(right.contains)
        let shared = common.filter(equation.result.contains)
        let inner = common.filter { !shared.contains($0) }
        let leftOnly = left.filter { !common.contains($0) }
        let rightOnly = right.filter { !common.contains($0) }
        let order = shared + leftOnly + rightOnly
        let product: SymbolicTensor
        if shared.isEmpty {
            guard let width = shape(inner).elementCount, let units = shape(rightOnly).elementCount
            else { throw .unknownDimension(other.shape, needed: "every dimension") }
            let rows = a.ordered(left, leftOnly + inner).reshaped(
                Shape((leftOnly.isEmpty ? [1] : shape(leftOnly).dimensions) + [width]))
            let matrix = b.ordered(right, inner + rightOnly).reshaped([width, units])
            product = rows.multiplied(by: matrix)
        } else if a.dtype == b.dtype, a.dtype.isFloatingPoint {
            let x = shape(shared + leftOnly + inner), y = shape(shared + inner + rightOnly)
            func count(_ axes: [Character]) -> Int? { shape(axes).elementCount }
            let rowSizes = Shape([count(shared), count(leftOnly), count(inner)])
            let columnSizes = Shape([count(shared), count(inner), count(rightOnly)])
            // One unknown size can be inferred from the others, two cannot.
            func canWait(_ shape: Shape) -> Bool {
                shape.dimensions.filter { $0 == nil }.count <= 1
            }
            guard [x, y, rowSizes, columnSizes, shape(order)].allSatisfy(canWait) else {
                return .placeholder(shape(equation.result), a.dtype)
            }
            let rows = a.ordered(left, shared + leftOnly + inner).reshaped(rowSizes)
            let columns = b.ordered(right, shared + inner + rightOnly).reshaped(columnSizes)
            product = rows.matrixProduct(columns)
        } else {
            // The engine has no integer matrix products.
            let ones = { (axes: [Character]) in axes.map { _ in Int?.some(1) } }
            let x = a.ordered(left, shared + leftOnly + inner).reshaped(
                Shape(
                    shape(shared + leftOnly).dimensions + ones(rightOnly)
                        + shape(inner).dimensions))
            let y = b.ordered(right, shared + rightOnly + inner).reshaped(
                Shape(
                    shape(shared).dimensions + ones(leftOnly)
                        + shape(rightOnly + inner).dimensions))
            let first = order.count
            product = (x * y).sum(axes: Array(first..<first + inner.count))
        }
        return product.reshaped(shape(order)).ordered(order, equation.result)
    }

    private func summed(_ axes: [Character], keeping kept: [Character])
        -> (SymbolicTensor, [Character])
    {
        let reduced = axes.indices.filter { !kept.contains(axes[$0]) }
        return (sum(axes: reduced), axes.filter(kept.contains))
    }

    private func ordered(_ axes: [Character], _ wanted: [Character]) -> SymbolicTensor {
        transposed(wanted.compactMap { axes.firstIndex(of: $0) })
    }
}
