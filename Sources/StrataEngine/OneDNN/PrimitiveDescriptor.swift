internal import COneDNN
internal import Synchronization

/// A primitive as oneDNN would make it: the implementation chosen, the layouts it wants.
package final class PrimitiveDescriptor: @unchecked Sendable {
    let raw: dnnl_primitive_desc_t
    /// The layouts of its tensors; a tensor that it does not have has no axes and no bytes.
    let source, weights, destination: MemoryDescriptor
    let diffSource, diffWeights, diffDestination: MemoryDescriptor
    let workspace, scratchpad: MemoryDescriptor
    /// The team that the scratchpad has room for.
    private let teamSize: Int
    private let preparation = Mutex(())
    /// Guarded by `preparation`.
    private var made: dnnl_primitive_t?

    private init(owning raw: dnnl_primitive_desc_t) throws(EngineError) {
        self.raw = raw
        teamSize = Threads.teamSize
        func layout(_ what: dnnl_query_t) throws(EngineError) -> MemoryDescriptor {
            try MemoryDescriptor("asking for a layout") { strata_pd_md($0, raw, what) }
        }
        source = try layout(dnnl_query_src_md)
        weights = try layout(dnnl_query_weights_md)
        destination = try layout(dnnl_query_dst_md)
        diffSource = try layout(dnnl_query_diff_src_md)
        diffWeights = try layout(dnnl_query_diff_weights_md)
        diffDestination = try layout(dnnl_query_diff_dst_md)
        workspace = try layout(dnnl_query_workspace_md)
        scratchpad = try layout(dnnl_query_scratchpad_md)
    }

    deinit {
        if let made { dnnl_primitive_destroy(made) }
        dnnl_primitive_desc_destroy(raw)
    }

    /// The primitive, made on first use; any number of threads may run it at once, each with its own memory.
    func primitive() throws(EngineError) -> dnnl_primitive_t {
        try preparation.withLock { _ throws(EngineError) in
            if made != nil { return }
            try Threads.inTeam(of: teamSize) { () throws(EngineError) in
                try check(dnnl_primitive_create(&made, raw), "making a primitive")
            }
        }
        guard let made else { throw EngineError("oneDNN made no primitive") }
        return made
    }

    /// Makes a descriptor from those of its tensors; `postOps` are applied to the result inside of the
    /// primitive.
    static func make(
        _ what: String, _ tensors: [MemoryDescriptor?], _ postOps: PostOps = PostOps(),
        _ body: (
            UnsafeMutablePointer<dnnl_primitive_desc_t?>, dnnl_engine_t, dnnl_primitive_attr_t,
            [strata_md?]
        ) -> dnnl_status_t
    ) throws(EngineError) -> PrimitiveDescriptor {
        let device = try Device.shared()
        var attributes: dnnl_primitive_attr_t?
        try check(
            MemoryDescriptor.withRaw([postOps.addition]) {
                strata_attributes(
                    &attributes, postOps.accumulates ? 1 : 0, $0[0],
                    postOps.activation == nil ? 0 : 1,
                    postOps.activation?.oneDNN ?? dnnl_eltwise_relu)
            }, what)
        guard let attributes else { throw EngineError("\(what): oneDNN made no attributes") }
        defer { dnnl_primitive_attr_destroy(attributes) }
        var raw: dnnl_primitive_desc_t?
        let status = MemoryDescriptor.withRaw(tensors) { body(&raw, device.engine, attributes, $0) }
        try check(status, what)
        guard let raw else { throw EngineError("\(what): oneDNN made no primitive") }
        return try PrimitiveDescriptor(owning: raw)
    }

    static func reorder(_ source: MemoryDescriptor, _ destination: MemoryDescriptor)
        throws(EngineError) -> PrimitiveDescriptor
    {
        try make("reorder", [source, destination]) { strata_reorder($0, $1, $2, $3[0], $3[1]) }
    }

    /// A product of matrices in certain layouts.
    static func product(
        _ source: MemoryDescriptor, _ weights: MemoryDescriptor, bias: MemoryDescriptor? = nil,
        _ destination: MemoryDescriptor, _ postOps: PostOps = PostOps()
    ) throws(EngineError) -> PrimitiveDescriptor {
        try make(
            "product of \(source.dims) and \(weights.dims)",
            [source, weights, bias, destination], postOps
        ) { strata_matmul($0, $1, $2, $3[0], $3[1], $3[2], $3[3]) }
    }

    var implementation: Implementation {
        Implementation(name: String(cString: strata_pd_implementation(raw)))
    }
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
///
/// Its `relu` makes 0 of NaN.
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

extension Activation? {
    /// The name of a step that computes the activation too.
    func appended(to name: String) -> String { map { "\(name)+\($0.rawValue)" } ?? name }
}
