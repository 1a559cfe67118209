#if Server
import ArgumentParser
import StrataServer

/// The options of `strata serve` that say how requests are gathered into batches.
struct ServeBatching: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "The most samples in a batch; a larger request is computed alone. (default: 32)",
        transform: OptionRange.batch.parse)
    var maxBatch: Int = 32

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The batches of a model that are computed at once, each with a part of the threads. "
                + "(default: the threads, at most 4)"),
        transform: OptionRange.threads.parse)
    var concurrency: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Milliseconds that a request waits for others while the model is idle. (default: 0)"),
        transform: OptionRange.milliseconds.parse)
    var maxDelay: Double = 0

    @Option(
        parsing: .unconditional,
        help: "The most requests that wait for a model; further ones are refused. (default: 1024)",
        transform: OptionRange.queue.parse)
    var queue: Int = 1024

    @Option(
        parsing: .unconditional,
        help: "The longest time in seconds that a request waits. (default: 60)",
        transform: OptionRange.seconds.parse)
    var timeout: Double = 60

    var batching: Batching {
        var batching = Batching()
        batching.maxBatchSize = maxBatch
        if let concurrency { batching.concurrency = concurrency }
        batching.maxDelay = .milliseconds(maxDelay)
        batching.queueLimit = queue
        batching.timeout = .seconds(timeout)
        return batching
    }
}

extension OptionRange where Value == Int {
    static let queue = OptionRange(1...1_000_000)
}

extension OptionRange where Value == Double {
    static let milliseconds = OptionRange(cure: "a number, 0 to 60000, a minute") {
        (0...60_000).contains($0)
    }
}
#endif
