internal import CKernels

/// Memory that tensors lie in: zeros at first, freed with its owner.
final class TensorMemory {
    let base: UnsafeMutableRawPointer

    init(byteCount: Int) throws(EngineError) {
        guard let base = ck_allocate(max(byteCount, MemoryPlanner.alignment)) else {
            throw EngineError(
                "there is no memory for \(byteCount / 1_048_576) MiB more; take a smaller batch")
        }
        self.base = base
    }

    deinit { ck_free(base) }
}
