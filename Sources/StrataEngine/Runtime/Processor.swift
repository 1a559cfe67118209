internal import CKernels

/// What the machine's processor can do.
package enum Processor {
    /// Whether it multiplies `bfloat16` numbers itself (AVX512_BF16, FEAT_BF16).
    package static let hasBfloat16 = ck_has_bfloat16() != 0

    /// Whether plans compute in `bfloat16`: where the processor does not, oneDNN is slower than in
    /// `float32`, and without AVX-512 it has nothing for it.
    package static let computesBfloat16 = hasBfloat16 && Device.hasBfloat16
}
