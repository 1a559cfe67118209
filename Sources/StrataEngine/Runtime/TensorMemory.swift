internal import CKernels
internal import StrataGraph

/// Memory that tensors lie in: zeros at first, freed with its owner.
final class TensorMemory {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) throws(EngineError) {
        self.byteCount = max(byteCount, Packing.alignment)
        guard let base = strata_allocate(self.byteCount) else {
            throw EngineError(
                "there is no memory for \(Double(byteCount).memoryText) more; take a smaller batch")
        }
        self.base = base
    }

    /// Copies the elements of a tensor that takes no more bytes.
    func copy(_ tensor: Tensor) {
        tensor.withUnsafeBytes { bytes in
            if let source = bytes.baseAddress, bytes.count <= byteCount {
                base.copyMemory(from: source, byteCount: bytes.count)
            }
        }
    }

    deinit { strata_free(base, byteCount) }
}

extension UnsafeMutableRawBufferPointer {
    /// Makes 1 of each byte that is not 0.
    func makeBool() {
        for index in indices where self[index] > 1 { self[index] = 1 }
    }
}
