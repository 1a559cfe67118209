import StrataGraph

extension Reference {
    /// The row that a number names, counted from the end where it is negative; `nil` where there is none.
    private static func row(_ number: Double, of rows: Int) -> Int? {
        let row = Int(number) < 0 ? Int(number) + rows : Int(number)
        return (0..<rows).contains(row) ? row : nil
    }

    static func gather(_ table: ReferenceTensor, _ indices: ReferenceTensor) -> ReferenceTensor {
        let width = table.shape.dropFirst().reduce(1, *)
        let values = indices.values.flatMap { number -> [Double] in
            guard let row = row(number, of: table.shape[0]) else {
                return Array(repeating: .nan, count: width)
            }
            return Array(table.values[row * width..<(row + 1) * width])
        }
        return ReferenceTensor(values, shape: indices.shape + table.shape.dropFirst())
    }

    static func scatterAdd(_ x: ReferenceTensor, _ indices: ReferenceTensor, rows: Int)
        -> ReferenceTensor
    {
        let shape = [rows] + x.shape.dropFirst(indices.shape.count)
        let width = shape.dropFirst().reduce(1, *)
        var values = Array(repeating: 0.0, count: rows * width)
        for (place, number) in indices.values.enumerated() {
            guard let row = row(number, of: rows) else { continue }
            for column in 0..<width {
                values[row * width + column] += x.values[place * width + column]
            }
        }
        return ReferenceTensor(values, shape: shape)
    }
}
