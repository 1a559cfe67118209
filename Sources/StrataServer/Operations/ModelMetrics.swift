#if Server
import CoreMetrics
import Synchronization

/// The metrics of a version of a model, as Triton has them.
final class ModelMetrics: Sendable {
    /// Why a request failed, as Triton calls it.
    enum Failure: String, CaseIterable {
        /// The queue was full, or the request waited too long.
        case rejected = "REJECTED"
        /// The client has gone.
        case canceled = "CANCELED"
        /// Its batch could not be computed.
        case backend = "BACKEND"
        /// The rest: above all, data that does not fit the model.
        case other = "OTHER"
    }

    let pending: Meter
    private let success: Counter
    private let failures: [Failure: Counter]
    private let inferences: Counter
    private let executions: Counter
    private let request: CoreMetrics.Timer
    private let queue: CoreMetrics.Timer
    private let input: CoreMetrics.Timer
    private let infer: CoreMetrics.Timer
    private let output: CoreMetrics.Timer

    init(model: String, version: String, _ factory: any MetricsFactory) {
        let labels = [("model", model), ("version", version)]
        func counter(_ name: String, _ more: [(String, String)] = []) -> Counter {
            Counter(label: name, dimensions: labels + more, factory: factory)
        }
        func timer(_ name: String) -> CoreMetrics.Timer {
            Timer(
                label: "strata_inference_\(name)_duration", dimensions: labels, factory: factory)
        }
        pending = Meter(
            label: "strata_inference_pending_request_count", dimensions: labels, factory: factory)
        success = counter("strata_inference_request_success_total")
        failures = Dictionary(
            uniqueKeysWithValues: Failure.allCases.map {
                ($0, counter("strata_inference_request_failure_total", [("reason", $0.rawValue)]))
            })
        inferences = counter("strata_inference_count_total")
        executions = counter("strata_inference_exec_count_total")
        request = timer("request")
        queue = timer("queue")
        input = timer("compute_input")
        infer = timer("compute_infer")
        output = timer("compute_output")
    }

    /// Counts a batch.
    func recordBatch(of count: Int) {
        executions.increment()
        inferences.increment(by: count)
    }

    /// Counts a request that was answered.
    ///
    /// - Parameter arrival: when its inputs were given; after they were prepared it went to the queue.
    func record(_ answered: WaitingRequest, arrival: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        success.increment()
        request.record(arrival.duration(to: now))
        input.record(arrival.duration(to: answered.arrival))
        guard let computation = answered.computation else { return }
        queue.record(answered.arrival.duration(to: computation.lowerBound))
        // As in Triton, each request of a batch has the whole batch's time.
        infer.record(computation.lowerBound.duration(to: computation.upperBound))
        output.record(computation.upperBound.duration(to: now))
    }

    /// Counts a request that failed.
    func record(_ failure: Failure) { failures[failure]?.increment() }

    /// Takes the series out of the text; a version that is gone must not stay in it for ever.
    func destroy() {
        for counter in [success, inferences, executions] + failures.values { counter.destroy() }
        for timer in [request, queue, input, infer, output] { timer.destroy() }
        pending.destroy()
    }
}

extension CoreMetrics.Timer {
    /// Records a duration.
    func record(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        recordNanoseconds(
            seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
                &+ attoseconds / 1_000_000_000)
    }
}

extension PrometheusMetrics {
    /// What each metric says.
    static let help = [
        "strata_inference_request_success_total": "Number of requests that were answered.",
        "strata_inference_request_failure_total": "Number of requests that failed, by reason.",
        "strata_inference_count_total": "Number of samples that were computed.",
        "strata_inference_exec_count_total": "Number of batches that were computed.",
        "strata_inference_pending_request_count": "Number of requests that wait for a batch.",
        "strata_inference_request_duration_seconds": "Time from a request's arrival to its answer.",
        "strata_inference_queue_duration_seconds": "Time that requests waited for their batch.",
        "strata_inference_compute_input_duration_seconds":
            "Time to check and cast the inputs of requests.",
        "strata_inference_compute_infer_duration_seconds":
            "Time to compute a batch, for each of its requests.",
        "strata_inference_compute_output_duration_seconds":
            "Time from the end of a batch until its requests have their outputs.",
        "strata_inference_request_duration_us_total":
            "Sum of the times from a request's arrival to its answer, in microseconds.",
        "strata_inference_queue_duration_us_total":
            "Sum of the times that requests waited for their batch, in microseconds.",
        "strata_inference_compute_input_duration_us_total":
            "Sum of the times to check and cast the inputs of requests, in microseconds.",
        "strata_inference_compute_infer_duration_us_total":
            "Sum of the times to compute the batches of requests, in microseconds.",
        "strata_inference_compute_output_duration_us_total":
            "Sum of the times from the end of a batch to the outputs of its requests, in microseconds.",
        "strata_http_requests_total": "Number of HTTP requests, by method and status.",
        "strata_http_request_duration_seconds": "Time from an HTTP request's head to its response.",
        "strata_http_connections": "Number of open HTTP connections.",
        "process_resident_memory_bytes": "Resident memory of the process.",
        "process_cpu_seconds_total": "Time of all cores that the process used.",
    ]
}
#endif
