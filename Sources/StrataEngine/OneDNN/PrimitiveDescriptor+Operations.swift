internal import COneDNN
internal import StrataGraph

/// oneDNN's algorithms of convolutions that plans ask for.
enum OneDNNConvolution {
    case direct
    case winograd

    fileprivate var raw: dnnl_alg_kind_t {
        switch self {
        case .direct: dnnl_convolution_direct
        case .winograd: dnnl_convolution_winograd
        }
    }
}

/// The descriptors of the primitives that plans use; layouts have their axes in oneDNN's order.
extension PrimitiveDescriptor {
    /// A window over an image of [batch, spatial…, channels], in oneDNN's form.
    struct Sliding {
        fileprivate let raw: strata_window

        init(_ window: Window, over image: [Int]) {
            var raw = strata_window()
            withUnsafeMutableBytes(of: &raw) { bytes in
                let rows = bytes.bindMemory(to: Int64.self)
                for axis in 0..<window.rank {
                    let padding = window.edgePadding(axis, length: image[axis + 1])
                    let values = [
                        window.strides[axis], window.dilations[axis] - 1, padding.before,
                        padding.after, window.size[axis],
                    ]
                    for (row, value) in values.enumerated() {
                        rows[row * 3 + axis] = Int64(value)
                    }
                }
            }
            self.raw = raw
        }
    }

    static func convolution(
        _ algorithm: OneDNNConvolution, keepsBlocks: Bool, _ what: String,
        _ tensors: [MemoryDescriptor?], _ window: Sliding, _ postOps: PostOps
    ) throws(EngineError) -> PrimitiveDescriptor {
        var raw = window.raw
        return try make(what, tensors, postOps) {
            strata_convolution_forward(
                $0, $1, $2, algorithm.raw, keepsBlocks ? 1 : 0, $3[0], $3[1], $3[2], $3[3], &raw)
        }
    }

    /// The gradient of a convolution's image; `hint` is the forward primitive.
    static func convolutionDataGradient(
        _ algorithm: OneDNNConvolution, _ tensors: [MemoryDescriptor?], _ window: Sliding,
        hint: PrimitiveDescriptor
    ) throws(EngineError) -> PrimitiveDescriptor {
        var raw = window.raw
        return try make("gradient of a convolution's image", tensors) {
            strata_convolution_backward_data(
                $0, $1, $2, algorithm.raw, hint.raw, $3[0], $3[1], $3[2], &raw)
        }
    }

    static func convolutionWeightsGradient(
        _ algorithm: OneDNNConvolution, _ tensors: [MemoryDescriptor?], _ window: Sliding,
        hint: PrimitiveDescriptor
    ) throws(EngineError) -> PrimitiveDescriptor {
        var raw = window.raw
        return try make("gradient of a convolution's kernel", tensors) {
            strata_convolution_backward_weights(
                $0, $1, $2, algorithm.raw, hint.raw, $3[0], $3[1], $3[2], $3[3], &raw)
        }
    }

    static func innerProduct(
        isTraining: Bool, _ what: String, _ tensors: [MemoryDescriptor?], _ postOps: PostOps
    ) throws(EngineError) -> PrimitiveDescriptor {
        try make(what, tensors, postOps) {
            strata_inner_product_forward(
                $0, $1, $2, isTraining ? 1 : 0, $3[0], $3[1], $3[2], $3[3])
        }
    }

    static func innerProductDataGradient(
        _ tensors: [MemoryDescriptor?], hint: PrimitiveDescriptor
    ) throws(EngineError) -> PrimitiveDescriptor {
        try make("gradient of an inner product's rows", tensors) {
            strata_inner_product_backward_data($0, $1, $2, hint.raw, $3[0], $3[1], $3[2])
        }
    }

    static func innerProductWeightsGradient(
        _ tensors: [MemoryDescriptor?], hint: PrimitiveDescriptor
    ) throws(EngineError) -> PrimitiveDescriptor {
        try make("gradient of an inner product's weights", tensors) {
            strata_inner_product_backward_weights(
                $0, $1, $2, hint.raw, $3[0], $3[1], $3[2], $3[3])
        }
    }

    static func pooling(
        _ kind: Pooling.Kind, isTraining: Bool, _ what: String, _ tensors: [MemoryDescriptor?],
        _ window: Sliding
    ) throws(EngineError) -> PrimitiveDescriptor {
        var raw = window.raw
        return try make(what, tensors) {
            strata_pooling_forward(
                $0, $1, $2, isTraining ? 1 : 0, kind.oneDNN, $3[0], $3[1], &raw)
        }
    }

    static func poolingGradient(
        _ kind: Pooling.Kind, _ tensors: [MemoryDescriptor?], _ window: Sliding,
        hint: PrimitiveDescriptor
    ) throws(EngineError) -> PrimitiveDescriptor {
        var raw = window.raw
        return try make("gradient of a pooling", tensors) {
            strata_pooling_backward($0, $1, $2, hint.raw, kind.oneDNN, $3[0], $3[1], &raw)
        }
    }

    /// Batch normalization with given statistics.
    static func batchNormalization(
        _ layout: MemoryDescriptor, epsilon: Float, _ what: String
    ) throws(EngineError) -> PrimitiveDescriptor {
        let flags = [dnnl_use_scale, dnnl_use_shift, dnnl_use_global_stats]
        return try make(what, [layout]) {
            strata_batch_normalization_inference(
                $0, $1, $2, flags.reduce(0) { $0 | $1.rawValue }, $3[0], epsilon)
        }
    }

    static func concatenation(_ sources: [MemoryDescriptor], axis: Int) throws(EngineError)
        -> PrimitiveDescriptor
    {
        try make("joining along axis \(axis)", sources) {
            strata_concat($0, $1, $2, Int32($3.count), Int32(axis), $3)
        }
    }
}

extension Pooling.Kind {
    fileprivate var oneDNN: dnnl_alg_kind_t {
        switch self {
        case .maximum: dnnl_pooling_max
        case .average: dnnl_pooling_avg_exclude_padding
        }
    }
}
