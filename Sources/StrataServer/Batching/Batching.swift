#if Server
/// How the requests of a model are gathered into batches.
public struct Batching: Sendable, Hashable {
    /// The largest batch, in samples; a larger request is computed alone.
    public var maxBatchSize = 32
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
