internal import COneDNN
internal import StrataGraph

/// oneDNN's CPU engine and its stream; made once, used by every plan.
///
/// A stream of the CPU runs what it is given before it returns, so sharing one is safe.
final class Device: @unchecked Sendable {
    let engine: dnnl_engine_t
    let stream: dnnl_stream_t

    private init(engine: dnnl_engine_t, stream: dnnl_stream_t) {
        self.engine = engine
        self.stream = stream
    }

    private static let made: Result<Device, EngineError> = Result {
        () throws(EngineError) -> Device in
        var engine: dnnl_engine_t?
        try check(dnnl_engine_create(&engine, dnnl_cpu, 0), "making oneDNN's CPU engine")
        var stream: dnnl_stream_t?
        try check(
            dnnl_stream_create(&stream, engine, UInt32(dnnl_stream_default_flags.rawValue)),
            "making oneDNN's stream")
        guard let engine, let stream else { throw EngineError("oneDNN made no engine") }
        // A descriptor that oneDNN 2.6 takes from its cache points to attributes of an earlier one (brgemm_t::attr),
        // which may be gone: a primitive made from it has lost its activation, or its making fails. So no descriptor
        // comes from there, and each has one primitive (PrimitiveDescriptor.primitive).
        try check(dnnl_set_primitive_cache_capacity(0), "closing oneDNN's cache")
        return Device(engine: engine, stream: stream)
    }

    /// The version of oneDNN that runs.
    static let version: String = {
        guard let version = dnnl_version()?.pointee else { return "of unknown version" }
        return "\(version.major).\(version.minor).\(version.patch)"
    }()

    /// oneDNN's version that Strata is built for: 2 or 3.
    static let majorVersion = Int(strata_major_version())

    /// Whether it can multiply `bfloat16` here; it may be told to use fewer instructions than there are
    /// (`ONEDNN_MAX_CPU_ISA`).
    static let hasBfloat16: Bool = {
        guard let square = try? MemoryDescriptor.plain([16, 16], .bfloat16) else { return false }
        return (try? PrimitiveDescriptor.product(square, square, square)) != nil
    }()

    /// Whether it may use all instructions of a set.
    ///
    /// The processor has them, and `ONEDNN_MAX_CPU_ISA`, which oneDNN reads once, does not rule them out. Of other
    /// processors than x86-64 it limits nothing.
    private static func mayUse(_ set: dnnl_cpu_isa_t) -> Bool {
        #if arch(x86_64)
        dnnl_get_effective_cpu_isa().rawValue & set.rawValue == set.rawValue
        #else
        true
        #endif
    }

    /// The newest instructions that it may use.
    static let instructions: String = {
        #if arch(x86_64)
        let sets = [
            (dnnl_cpu_isa_avx512_core_amx, "AVX-512 with bfloat16 and AMX"),
            (dnnl_cpu_isa_avx512_core_bf16, "AVX-512 with bfloat16"),
            (dnnl_cpu_isa_avx512_core, "AVX-512"), (dnnl_cpu_isa_avx2, "AVX2"),
            (dnnl_cpu_isa_avx, "AVX"), (dnnl_cpu_isa_sse41, "SSE4.1"),
        ]
        return sets.first { mayUse($0.0) }?.1 ?? "SSE2"
        #else
        return "NEON"
        #endif
    }()

    static let mayUseAVX2 = mayUse(dnnl_cpu_isa_avx2)
    static let mayUseAVX512 = mayUse(dnnl_cpu_isa_avx512_core)
    static let mayUseAVX512BF16 = mayUse(dnnl_cpu_isa_avx512_core_bf16)

    static func shared() throws(EngineError) -> Device { try made.get() }
}
