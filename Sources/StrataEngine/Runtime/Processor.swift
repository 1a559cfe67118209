internal import CKernels

/// What the machine's processor can do, as far as `ONEDNN_MAX_CPU_ISA` allows: the one switch for oneDNN and
/// for the choice of kernels.
package enum Processor {
    /// Whether plans compute in `bfloat16`: where the processor does not multiply such numbers itself
    /// (AVX512_BF16, FEAT_BF16), oneDNN is slower than in `float32`, and without AVX-512 it has nothing.
    package static let computesBfloat16 =
        strata_has_bfloat16() != 0 && Device.mayUseAVX512BF16
        && Device.hasBfloat16

    /// Whether it has vectors of sixteen float32 numbers.
    static let hasAVX512 =
        strata_has_avx512() != 0 && Device.mayUseAVX512
}
