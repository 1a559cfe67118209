extension Tensor {
    /// Whether no element is NaN or infinite.
    var isFinite: Bool {
        // All bits of the exponent set: infinite or NaN (IEEE 754). One more carries into the sign.
        // Without a branch the loops are vectorized and as fast as memory.
        switch storage {
        case .float32(let values):
            values.withUnsafeBufferPointer { values in
                var bits: UInt32 = 0
                for value in values { bits |= (value.bitPattern & 0x7F80_0000) &+ 0x0080_0000 }
                return bits >> 31 == 0
            }
        case .bfloat16(let values):
            values.withUnsafeBufferPointer { values in
                var bits: UInt16 = 0
                for value in values { bits |= (value & 0x7F80) &+ 0x0080 }
                return bits >> 15 == 0
            }
        case .int32, .uint8, .bool: true
        }
    }

    /// The first element that is NaN or infinite.
    var firstNotFinite: (index: [Int], value: Float)? {
        if isFinite { return nil }
        let values = scalars
        guard let offset = values.firstIndex(where: { !$0.isFinite }) else { return nil }
        var index: [Int] = []
        var rest = offset
        for length in shape.reversed() {
            index.insert(rest % length, at: 0)
            rest /= length
        }
        return (index, values[offset])
    }
}
