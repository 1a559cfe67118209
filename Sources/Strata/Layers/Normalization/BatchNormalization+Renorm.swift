internal import StrataGraph

/// Bounds of the correction that ``BatchNormalization`` makes with `renorm`.
///
/// Keras 3.15.1: `renorm_clipping`.
public struct RenormClipping: Sendable, Hashable {
    /// The largest correction of the scale.
    public var rmax: Float?
    /// The smallest correction of the scale.
    public var rmin: Float?
    /// The largest correction of the mean, in either direction; 0 or more.
    public var dmax: Float?

    public init(rmax: Double? = nil, rmin: Double? = nil, dmax: Double? = nil) {
        self.rmax = rmax.map { Float($0) }
        self.rmin = rmin.map { Float($0) }
        self.dmax = dmax.map { Float($0) }
    }

    init(configuration: Configuration) throws(ConfigurationError) {
        guard configuration.value("renorm_clipping") != nil else { return }
        let bounds = try configuration.object("renorm_clipping")
        for key in bounds.members.keys where !["rmax", "rmin", "dmax"].contains(key) {
            throw bounds.failure(key, "is not one of rmax, rmin, dmax")
        }
        rmax = try bounds.optionalFloat("rmax")
        rmin = try bounds.optionalFloat("rmin")
        dmax = try bounds.optionalFloat("dmax")
    }

    var json: JSONValue {
        let bounds = [("rmax", rmax), ("rmin", rmin), ("dmax", dmax)]
        return .object(
            Dictionary(
                uniqueKeysWithValues: bounds.compactMap { name, bound in
                    bound.map { (name, JSONValue.float($0)) }
                }))
    }

    fileprivate func check() throws(GraphError.Problem) {
        if let rmax, let rmin, rmax < rmin {
            throw .invalidArgument(
                "rmax is \(rmax) and rmin \(rmin)", fix: "use an rmax of rmin or more")
        }
        if let dmax, dmax < 0 {
            throw .invalidArgument("dmax is \(dmax)", fix: "use 0 or more")
        }
    }
}

extension BatchNormalization {
    func addRenormWeights(_ channels: Int) throws(GraphError.Problem) {
        try arguments.renormClipping.check()
        let weights: [(name: String, isRoot: Bool)] = [
            ("moving_stddev", true), ("renorm_mean", false), ("renorm_stddev", true),
        ]
        for (name, isRoot) in weights {
            let weight = addWeight(
                name, shape: [channels],
                initializer: isRoot
                    ? arguments.movingVarianceInitializer : arguments.movingMeanInitializer,
                isTrainable: false)
            if isRoot {
                do throws(VariableError) {
                    let roots = try weight.value.scalars.map { $0.squareRoot() }
                    try weight.assign(Tensor(roots, shape: weight.shape))
                } catch {
                    throw GraphError.Problem(error)
                }
            }
        }
    }

    /// Batch renormalization: normalizes by batch statistics, and corrects towards the moving ones.
    func renormalized(
        _ x: SymbolicTensor, _ operation: StrataGraph.BatchNormalization, _ gamma: SymbolicTensor,
        _ beta: SymbolicTensor, _ context: CallContext
    ) -> SymbolicTensor {
        let (ones, zeros) = (
            SymbolicTensor.constant(1).broadcast(to: gamma.shape),
            SymbolicTensor.constant(0).broadcast(to: gamma.shape)
        )
        let results = SymbolicTensor.applying(.batchNormalization(operation), [x, ones, zeros])
        let correction = correction(results[1], results[2], context)
        return
            (results[0] * (gamma * correction.scale) + (gamma * correction.offset + beta))
            .cast(to: x.dtype)
    }

    /// The correction from batch statistics to moving ones; it updates all moving statistics.
    ///
    /// The gradient treats the correction as a constant (Ioffe, 2017).
    func correction(
        _ mean: SymbolicTensor, _ variance: SymbolicTensor, _ context: CallContext
    ) -> (scale: SymbolicTensor, offset: SymbolicTensor) {
        let epsilon = arguments.epsilon
        let clipping = arguments.renormClipping
        let mean = mean.stoppingGradient()
        let stddev = (variance.stoppingGradient() + epsilon).sqrt()
        let usual = context.fullValue(of: "renorm_stddev", of: self).maximum(epsilon.squareRoot())
        var r = stddev / usual
        var d = (mean - context.fullValue(of: "renorm_mean", of: self)) / usual
        if let rmin = clipping.rmin { r = r.maximum(rmin) }
        if let rmax = clipping.rmax { r = r.minimum(rmax) }
        if let dmax = clipping.dmax { d = d.clipped(-dmax, dmax) }

        move("renorm_mean", to: mean, arguments.renormMomentum, context)
        move("renorm_stddev", to: stddev, arguments.renormMomentum, context)
        move("moving_mean", to: mean, arguments.momentum, context)
        let average = move("moving_stddev", to: stddev, arguments.momentum, context)
        // Rounding may make it negative.
        context.update("moving_variance", of: self, to: (average.square() - epsilon).relu())
        return (r.stoppingGradient(), d.stoppingGradient())
    }
}
