internal import StrataGraph

/// A short text that differs where long ones do.
enum Digest {
    /// More bytes of a tensor than this are not looked at, but as many, evenly spaced.
    private static let mostBytes = 1 << 16

    static func of(_ text: String) -> String {
        String(CRC32C.checksum(Array(text.utf8)), radix: 16)
    }

    static func of(_ tensor: Tensor) -> String {
        let sum = tensor.withUnsafeBytes { bytes in
            // Odd, so that all bytes of an element are met.
            let step = max(bytes.count / mostBytes, 1) | 1
            return CRC32C.checksum(stride(from: 0, to: bytes.count, by: step).map { bytes[$0] })
        }
        return "\(tensor.dtype.rawValue) \(Shape(tensor.shape)) \(String(sum, radix: 16))"
    }
}
