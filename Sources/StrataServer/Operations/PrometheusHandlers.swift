#if Server
import CoreMetrics
import Synchronization

/// A number that only grows.
final class PrometheusCounter: CounterHandler {
    let series: PrometheusMetrics.Series
    private let total = Atomic<Int64>(0)

    init(_ series: PrometheusMetrics.Series) { self.series = series }

    var value: Int64 { total.load(ordering: .relaxed) }

    func increment(by amount: Int64) { total.wrappingAdd(amount, ordering: .relaxed) }

    func reset() { total.store(0, ordering: .relaxed) }
}

/// A number that changes.
final class PrometheusGauge: MeterHandler, RecorderHandler {
    let series: PrometheusMetrics.Series
    private let current = Mutex(0.0)

    init(_ series: PrometheusMetrics.Series) { self.series = series }

    var value: Double { current.withLock { $0 } }

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) { current.withLock { $0 = value } }

    func increment(by amount: Double) { current.withLock { $0 += amount } }

    func decrement(by amount: Double) { increment(by: -amount) }

    func record(_ value: Int64) { set(value) }

    func record(_ value: Double) { set(value) }
}

/// How values are distributed: their number and sum, and how many are within each bound.
final class PrometheusHistogram: TimerHandler, RecorderHandler {
    struct Values {
        /// Within each bound and above the one before; those above the last are not among them.
        var counts: [Int]
        var count = 0
        var sum = 0.0
    }

    /// From a tenth of a millisecond to ten seconds.
    static let seconds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
        5.0, 10.0,
    ]

    let series: PrometheusMetrics.Series
    let bounds: [Double]
    private let state: Mutex<Values>

    init(_ series: PrometheusMetrics.Series, bounds: [Double]) {
        self.series = series
        self.bounds = bounds
        state = Mutex(Values(counts: bounds.map { _ in 0 }))
    }

    var values: Values { state.withLock { $0 } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 }
        state.withLock { values in
            if let bucket { values.counts[bucket] += 1 }
            values.count += 1
            values.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
#endif
