#if Server
import CoreMetrics
import HTTPTypes
import Hummingbird
import Synchronization

/// The metrics of HTTP.
final class HTTPMetrics: Sendable {
    private struct Key: Hashable {
        let method: String
        let status: Int
    }

    /// Others are counted as one, so that clients cannot make series.
    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"]

    private let factory: any MetricsFactory
    private let counters = Mutex<[Key: Counter]>([:])
    private let duration: CoreMetrics.Timer
    private let connections: Meter

    init(_ factory: any MetricsFactory) {
        self.factory = factory
        duration = Timer(label: "strata_http_request_duration", dimensions: [], factory: factory)
        connections = Meter(label: "strata_http_connections", factory: factory)
    }

    func record(
        _ method: HTTPRequest.Method, _ status: HTTPResponse.Status, _ duration: Duration
    ) {
        let name = Self.methods.contains(method.rawValue) ? method.rawValue : "other"
        let key = Key(method: name, status: status.code)
        let counter = counters.withLock { counters in
            if let found = counters[key] { return found }
            let made = Counter(
                label: "strata_http_requests_total",
                dimensions: [("method", key.method), ("status", "\(key.status)")],
                factory: factory)
            counters[key] = made
            return made
        }
        counter.increment()
        self.duration.record(duration)
    }

    func record(connections count: Int) { connections.set(count) }
}

/// `GET /metrics`.
struct MetricsRoutes: RouteGroup {
    private let metrics: PrometheusMetrics

    init(_ metrics: PrometheusMetrics) { self.metrics = metrics }

    func addRoutes(to router: Router<ServerRequestContext>) {
        router.get("metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusMetrics.mediaType],
                body: ResponseBody(
                    byteBuffer: ByteBuffer(string: metrics.text + ProcessMetrics.text)))
        }
    }
}
#endif
