#if Server
import Strata

/// How the requests of a model are gathered into batches.
public struct Batching: Sendable, Hashable {
    /// The largest batch, in samples; a larger request is computed alone.
    public var maxBatchSize = 32
    /// How many batches of a model are computed at once, each with its part of the cores; of models from files.
    ///
    /// At first as many as there are threads, at most 4. With one thread each they never wait for one another, as
    /// the threads of one batch do whenever the machine does something else. With 1 a batch has all threads, which
    /// is faster for a lone request to a large model on an idle machine.
    public var concurrency = min(threadCount(), 4)
    /// How long the first request of a batch waits for others while the model is idle.
    ///
    /// With 0 a batch is what has gathered while the last one was computed, and a lone request never
    /// waits.
    public var maxDelay: Duration = .zero
    /// The most requests that may wait; further ones are refused.
    public var queueLimit = 1024
    /// How long a request may wait, unless it has a time of its own; `nil` for as long as it takes.
    public var timeout: Duration? = .seconds(60)

    public init() {}
}
#endif
