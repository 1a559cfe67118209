#if MPI
import Glibc
import StrataGraph

/// Memory of one sum.
final class Values {
    let count: Int
    let dtype: DType
    let memory: UnsafeMutableRawPointer

    init(_ count: Int, _ dtype: DType) {
        self.count = count
        self.dtype = dtype
        memory = .allocate(byteCount: max(count, 1) * 4, alignment: 64)
        memset(memory, 0, max(count, 1) * 4)
    }

    deinit { memory.deallocate() }

    /// The values here are exact in `bfloat16`.
    subscript(index: Int) -> Float {
        get {
            guard dtype == .bfloat16 else {
                return memory.load(fromByteOffset: index * 4, as: Float.self)
            }
            let bits = memory.load(fromByteOffset: index * 2, as: UInt16.self)
            return Float(bitPattern: UInt32(bits) << 16)
        }
        set {
            if dtype == .bfloat16 {
                memory.storeBytes(
                    of: UInt16(newValue.bitPattern >> 16), toByteOffset: index * 2, as: UInt16.self)
            } else {
                memory.storeBytes(of: newValue, toByteOffset: index * 4, as: Float.self)
            }
        }
    }
}
#endif
