extension Tensor: CustomStringConvertible {
    /// Type, shape and the first and last elements: `float32 [2, 3]: 1.0 2.0 3.0 … 6.0`.
    public var description: String {
        let shown = 6
        let text = { (range: Range<Int>) in
            storageText(range).joined(separator: " ")
        }
        let elements =
            count <= 2 * shown
            ? text(0..<count) : text(0..<shown) + " … " + text(count - shown..<count)
        return "\(dtype.rawValue) \(shape): \(elements)"
    }

    private func storageText(_ range: Range<Int>) -> [String] {
        switch storage {
        case .float32(let values): values[range].map { "\($0)" }
        case .bfloat16(let values):
            values[range].map { "\(Float(bitPattern: UInt32($0) << 16))" }
        case .int32(let values): values[range].map { "\($0)" }
        case .uint8(let values): values[range].map { "\($0)" }
        case .bool(let values): values[range].map { "\($0)" }
        }
    }
}
