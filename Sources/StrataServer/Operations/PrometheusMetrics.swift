#if Server
public import CoreMetrics
import Synchronization

/// The metrics of a server, in the text format of Prometheus.
///
/// It is a factory of swift-metrics: a program that makes it the factory of the process has the
/// metrics of its other libraries in the same text.
///
/// Timers are histograms in seconds, recorders the sum and the number of their values.
public final class PrometheusMetrics: MetricsFactory {
    /// A metric with one set of labels.
    struct Series: Hashable {
        let name: String
        /// As in the text: `model="fashion",version="1"`.
        let labels: String
    }

    private struct State {
        var counters: [Series: PrometheusCounter] = [:]
        var gauges: [Series: PrometheusGauge] = [:]
        var summaries: [Series: PrometheusHistogram] = [:]
        var histograms: [Series: PrometheusHistogram] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    public func makeCounter(
        label: String, dimensions: [(String, String)]
    ) -> any CounterHandler {
        make(\.counters, label, dimensions) { PrometheusCounter($0) }
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        make(\.gauges, label, dimensions) { PrometheusGauge($0) }
    }

    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else {
            return make(\.gauges, label, dimensions) { PrometheusGauge($0) }
        }
        return make(\.summaries, label, dimensions) { PrometheusHistogram($0, bounds: []) }
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        make(\.histograms, label, dimensions) {
            PrometheusHistogram($0, bounds: PrometheusHistogram.seconds)
        }
    }

    public func destroyCounter(_ handler: any CounterHandler) {
        guard let counter = handler as? PrometheusCounter else { return }
        state.withLock { $0.counters[counter.series] = nil }
    }

    public func destroyMeter(_ handler: any MeterHandler) {
        guard let gauge = handler as? PrometheusGauge else { return }
        state.withLock { $0.gauges[gauge.series] = nil }
    }

    public func destroyRecorder(_ handler: any RecorderHandler) {
        if let gauge = handler as? PrometheusGauge { destroyMeter(gauge) }
        guard let summary = handler as? PrometheusHistogram else { return }
        state.withLock { $0.summaries[summary.series] = nil }
    }

    public func destroyTimer(_ handler: any TimerHandler) {
        guard let histogram = handler as? PrometheusHistogram else { return }
        state.withLock { $0.histograms[histogram.series] = nil }
    }

    /// The series of a name and labels, made unless it is there.
    private func make<Value>(
        _ path: any WritableKeyPath<State, [Series: Value]> & Sendable, _ label: String,
        _ dimensions: [(String, String)], _ value: (Series) -> Value
    ) -> Value where Value: Sendable {
        let series = Series(
            name: Self.name(label),
            labels: dimensions.map { "\(Self.name($0))=\"\(Self.escaped($1))\"" }
                .joined(separator: ","))
        return state.withLock { state in
            if let found = state[keyPath: path][series] { return found }
            let made = value(series)
            state[keyPath: path][series] = made
            return made
        }
    }
}

// MARK: The text

extension PrometheusMetrics {
    /// The media type of ``text``.
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// All metrics, in the text format of Prometheus 0.0.4.
    public var text: String {
        var families: [String: String] = [:]
        for (series, counter) in state.withLock({ $0.counters }) {
            families[series.name, default: ""] += line(series, "", counter.value)
        }
        for (series, gauge) in state.withLock({ $0.gauges }) {
            families[series.name, default: ""] += line(series, "", gauge.value)
        }
        let types = state.withLock { state in
            Dictionary(state.counters.keys.map { ($0.name, "counter") }) { first, _ in first }
                .merging(state.gauges.keys.map { ($0.name, "gauge") }) { first, _ in first }
        }
        var text = families.keys.sorted().map { name in
            let lines = (families[name] ?? "").split(separator: "\n").sorted()
            return header(name, types[name] ?? "untyped") + lines.joined(separator: "\n") + "\n"
        }.joined()
        text += distributions("summary", "", state.withLock { $0.summaries })
        text += distributions("histogram", "_seconds", state.withLock { $0.histograms })
        return text
    }

    private func distributions(
        _ type: String, _ unit: String, _ all: [Series: PrometheusHistogram]
    ) -> String {
        let families = Dictionary(grouping: all) { $0.key.name }
        return families.keys.sorted().map { name in
            let members = (families[name] ?? []).sorted { $0.key.labels < $1.key.labels }
            var text = header(name + unit, type)
            for (series, histogram) in members {
                text += lines(Series(name: name + unit, labels: series.labels), histogram)
            }
            // Triton's form of the same: the sums as counters in microseconds.
            guard name.hasPrefix("strata_inference_") else { return text }
            text += header("\(name)_us_total", "counter")
            for (series, histogram) in members {
                let microseconds = Int((histogram.values.sum * 1e6).rounded())
                text += line(series, "_us_total", microseconds)
            }
            return text
        }.joined()
    }

    private func lines(_ series: Series, _ histogram: PrometheusHistogram) -> String {
        let values = histogram.values
        var (text, below) = ("", 0)
        for (bound, count) in zip(histogram.bounds, values.counts) {
            below += count
            text += bucket(series, "\(bound)", below)
        }
        if !histogram.bounds.isEmpty { text += bucket(series, "+Inf", values.count) }
        return text + line(series, "_sum", values.sum) + line(series, "_count", values.count)
    }

    private func bucket(_ series: Series, _ bound: String, _ count: Int) -> String {
        let labels = series.labels.isEmpty ? "" : series.labels + ","
        return "\(series.name)_bucket{\(labels)le=\"\(bound)\"} \(count)\n"
    }

    private func line(_ series: Series, _ ending: String, _ value: some Any) -> String {
        let labels = series.labels.isEmpty ? "" : "{\(series.labels)}"
        return "\(series.name)\(ending)\(labels) \(value)\n"
    }

    private func header(_ name: String, _ type: String) -> String {
        let help = Self.help[name].map { "# HELP \(name) \($0)\n" } ?? ""
        return help + "# TYPE \(name) \(type)\n"
    }

    /// A name of Prometheus.
    private static func name(_ text: String) -> String {
        let letters = text.map { letter in
            letter.isASCII && (letter.isLetter || letter.isNumber) ? letter : "_"
        }
        return (letters.first?.isNumber ?? true ? "_" : "") + String(letters)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, letter in
            switch letter {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            default: result += letter.isNewline ? "\\n" : String(letter)
            }
        }
    }
}
#endif
