import Testing

@testable import StrataEngine

extension Trait where Self == ConditionTrait {
    /// For what is planned only where there are vectors of sixteen float32 values.
    static var needsAVX512: ConditionTrait {
        .enabled(if: Processor.hasAVX512, "there is no AVX-512, or ONEDNN_MAX_CPU_ISA rules it out")
    }
}
