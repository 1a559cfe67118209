internal import CKernels

/// What the machine's processor can do, as far as `ONEDNN_MAX_CPU_ISA` allows: the one switch for oneDNN and
/// for the choice of kernels.
package enum Processor {
    /// Whether plans compute in `bfloat16`: where the processor does not multiply such numbers itself
    /// (AVX512_BF16, FEAT_BF16), oneDNN is slower than in `float32`, and without AVX-512 it has nothing.
    package static let computesBfloat16 =
        strata_has_bfloat16() != 0 && Device.mayUseAVX512BF16
        && Device.hasBfloat16

    /// The level of x86-64 whose instructions the kernels use: 1, 3 or 4 for SSE2, AVX2 and AVX-512.
    ///
    /// Asking for it limits them.
    static let instructionLevel: Int32 = {
        strata_limit_instructions(Device.mayUseAVX512 ? 4 : Device.mayUseAVX2 ? 3 : 1)
        return strata_instruction_level()
    }()

    /// Whether it has vectors of sixteen float32 numbers.
    static let hasAVX512 = instructionLevel == 4
}
