internal import CKernels

/// What the machine's processor can do.
package enum Processor {
    /// Whether it multiplies `bfloat16` numbers itself (AVX512_BF16, FEAT_BF16).
    package static let hasBfloat16 = ck_has_bfloat16() != 0
}
