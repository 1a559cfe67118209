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

        package init(shape: [Int], dtype: DType, layout: String) {
            self.shape = shape
            self.dtype = dtype
            self.layout = layout
        }
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

        package init(
            operation: String, sources: [Operand], destinations: [Operand], implementation: String,
            seconds: Double, flops: Double, byteCount: Int
        ) {
            self.operation = operation
            self.sources = sources
            self.destinations = destinations
            self.implementation = implementation
            self.seconds = seconds
            self.flops = flops
            self.byteCount = byteCount
        }
    }

    /// What the sums over ranks take that train together.
    public struct Communication: Sendable, Hashable {
        /// The mean time of a step in which at least one sum is in flight.
        public let secondsInFlight: Double
        /// The mean time of a step in which the rank waits for sums.
        public let secondsWaited: Double

        /// The share of the time in flight, from 0 to 1, in which the rank does other work.
        public var shareHidden: Double {
            secondsInFlight > 0 ? max(0, 1 - secondsWaited / secondsInFlight) : 0
        }

        package init(secondsInFlight: Double, secondsWaited: Double) {
            self.secondsInFlight = secondsInFlight
            self.secondsWaited = secondsWaited
        }
    }

    /// The parts in the order in which they run.
    public let parts: [Part]
    /// The number of measured steps.
    public let runs: Int
    /// The mean time of a step, including the time between its parts.
    public let seconds: Double
    /// What the sums over ranks take; `nil` where there are none.
    public let communication: Communication?

    /// The mean time of a step outside of its parts.
    public var unaccountedSeconds: Double { seconds - parts.reduce(0) { $0 + $1.seconds } }

    package init(
        parts: [Part], runs: Int, seconds: Double, communication: Communication? = nil
    ) {
        self.parts = parts
        self.runs = runs
        self.seconds = seconds
        self.communication = communication
    }
}
