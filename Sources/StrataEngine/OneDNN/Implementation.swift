/// oneDNN's name of an implementation, such as `jit:avx512_core` or `brgconv:avx512_core_amx_bf16`.
///
/// No other code interprets these names. They are those of oneDNN 2.6; version 3 has the same parts in them.
struct Implementation: Sendable, Equatable, CustomStringConvertible {
    let name: String

    var description: String { name }

    /// Generated code, not a loop in C++.
    var isJIT: Bool { name.hasPrefix("jit") }
    /// A plain loop that is there for every shape, and slow.
    var isReference: Bool { name.hasPrefix("ref") }
    var isWinograd: Bool { name.contains("wino") }
    /// Matrix products after an explicit im2col.
    var isGEMM: Bool { name.contains("gemm:") }
    var usesAVX2: Bool { name.contains("avx2") }
    var usesAVX512: Bool { name.contains("avx512") }
    /// Tiles of bfloat16 on Intel's AMX.
    var usesAMX: Bool { name.contains("amx") }

    /// Whether a convolution that adds another tensor is fast and right.
    ///
    /// In 2.6.3 the implementations for AMX add wrong values, and write beyond the result (1 × 1 in bfloat16,
    /// 6 × 6 pixels of 32 channels).
    var addsTensors: Bool { Device.majorVersion == 2 ? isJIT && !usesAMX : !isReference }

    /// Whether threads wait for each other within the gradient of weights: in oneDNN 2.6's direct implementations.
    var hasBarrier: Bool { !isGEMM && !isWinograd }
}
