internal import COneDNN

/// A primitive as oneDNN would make it: the implementation chosen, the layouts it wants.
package final class PrimitiveDescriptor: @unchecked Sendable {
    let raw: dnnl_primitive_desc_t

    private init(raw: dnnl_primitive_desc_t) {
        self.raw = raw
    }

    deinit {
        dnnl_primitive_desc_destroy(raw)
    }

    /// Makes a descriptor; `postOps` are applied to the result inside of the primitive.
    static func make(
        _ what: String, _ postOps: PostOps = PostOps(),
        _ body: (UnsafeMutablePointer<dnnl_primitive_desc_t?>, dnnl_engine_t, dnnl_primitive_attr_t)
            -> dnnl_status_t
    ) throws(EngineError) -> PrimitiveDescriptor {
        let device = try Device.shared()
        var attributes: dnnl_primitive_attr_t?
        var addition = postOps.addition?.raw ?? strata_md()
        try check(
            withUnsafePointer(to: &addition) {
                strata_attributes(
                    &attributes, postOps.accumulates ? 1 : 0, postOps.addition == nil ? nil : $0,
                    postOps.activation == nil ? 0 : 1,
                    postOps.activation?.oneDNN ?? dnnl_eltwise_relu)
            }, what)
        guard let attributes else { throw EngineError("\(what): oneDNN made no attributes") }
        defer { dnnl_primitive_attr_destroy(attributes) }
        var raw: dnnl_primitive_desc_t?
        try check(body(&raw, device.engine, attributes), what)
        guard let raw else { throw EngineError("\(what): oneDNN made no primitive") }
        return PrimitiveDescriptor(raw: raw)
    }

    static func reorder(_ source: MemoryDescriptor, _ destination: MemoryDescriptor)
        throws(EngineError) -> PrimitiveDescriptor
    {
        var (from, to) = (source.raw, destination.raw)
        return try make("reorder") { strata_reorder($0, $1, $2, &from, &to) }
    }

    private func query(_ what: dnnl_query_t, _ index: Int32 = 0) -> MemoryDescriptor {
        MemoryDescriptor(raw: strata_pd_md(raw, what, index))
    }

    var source: MemoryDescriptor { query(dnnl_query_src_md) }
    var weights: MemoryDescriptor { query(dnnl_query_weights_md) }
    var destination: MemoryDescriptor { query(dnnl_query_dst_md) }
    var diffSource: MemoryDescriptor { query(dnnl_query_diff_src_md) }
    var diffWeights: MemoryDescriptor { query(dnnl_query_diff_weights_md) }
    var diffDestination: MemoryDescriptor { query(dnnl_query_diff_dst_md) }
    var workspace: MemoryDescriptor { query(dnnl_query_workspace_md) }
    var scratchpad: MemoryDescriptor { query(dnnl_query_scratchpad_md) }

    /// oneDNN's name of the implementation: `jit:avx512_core`.
    var implementation: String { String(cString: strata_pd_implementation(raw)) }

    /// Whether it multiplies tiles of bfloat16 with Intel's AMX.
    var usesAMX: Bool { implementation.contains("amx") }

    /// Whether a convolution goes by Winograd's algorithm.
    var isWinograd: Bool { implementation.contains("wino") }
}

/// What a primitive does to its result, in this order.
struct PostOps {
    /// Whether it is added to what its memory holds.
    var accumulates = false
    /// The layout of a tensor of the result's shape that is added.
    var addition: MemoryDescriptor?
    var activation: Activation?
}

/// A function that a primitive can apply to its result (oneDNN's post-op "eltwise").
enum Activation: String {
    case relu
    case tanh
    case sigmoid

    var oneDNN: dnnl_alg_kind_t {
        switch self {
        case .relu: dnnl_eltwise_relu
        case .tanh: dnnl_eltwise_tanh
        case .sigmoid: dnnl_eltwise_logistic
        }
    }
}
