internal import StrataEngine

/// A profile: the time of each part of a step; it prints as a table with the longest parts first.
///
/// ```swift
/// print(try model.profile(x, y))
/// ```
public struct StepProfile: Sendable {
    /// An operand or a result of a part.
    public struct Operand: Sendable, Hashable {
        /// In the order of Keras's axes: `[batch, height, width, channels]`.
        public let shape: [Int]
        public let dtype: DType
        /// oneDNN's name of the layout: in `aDbc16d` the last axis is blocked by 16.
        public let layout: String
    }

    /// A call of the engine.
    public struct Part: Sendable {
        /// The operation with its epilogue: `convolution+relu`.
        public let operation: String
        public let sources: [Operand]
        public let destinations: [Operand]
        /// oneDNN's name of the implementation; a kernel of Strata's own begins with `strata:`.
        public let implementation: String
        /// The mean time of a call.
        public let seconds: Double
        /// The floating-point operations of a call; a multiply-add is two.
        public let flops: Double
        /// The bytes that a call reads and writes.
        public let byteCount: Int
    }

    /// The parts in the order in which they run.
    public let parts: [Part]
    /// The number of measured steps.
    public let runs: Int
    /// The mean time of a step, including the time between its parts.
    public let seconds: Double

    /// The mean time of a step outside of its parts.
    public var unaccountedSeconds: Double { seconds - parts.reduce(0) { $0 + $1.seconds } }

    /// Runs a step repeatedly for a duration.
    init(_ executable: Executable, seconds: Double) throws {
        let measured = try executable.measured(seconds: seconds)
        let plan = executable.plan
        parts = zip(plan.steps, measured.steps).map { step, time in
            Part(
                operation: step.name,
                sources: plan.sources(of: step).map {
                    Operand(shape: $0.shape, dtype: $0.dtype, layout: $0.layout)
                },
                destinations: plan.destinations(of: step).map {
                    Operand(shape: $0.shape, dtype: $0.dtype, layout: $0.layout)
                }, implementation: step.implementation, seconds: time.inSeconds,
                flops: step.flops, byteCount: plan.byteCount(of: step))
        }
        runs = measured.runs
        self.seconds = measured.whole.inSeconds
    }
}

extension Duration {
    fileprivate var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
