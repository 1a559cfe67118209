#if Server
import CoreMetrics
import Strata
import Testing

@testable import StrataServer

/// The format is that of Prometheus's documentation, "Exposition formats", text format 0.0.4.
@Suite struct PrometheusMetricsTests {
    let metrics = PrometheusMetrics()

    @Test func `counters and gauges are a line for each set of labels`() {
        Counter(label: "a.b", dimensions: [("x", "2")], factory: metrics).increment(by: 3)
        let first = Counter(label: "a.b", dimensions: [("x", "1")], factory: metrics)
        first.increment()
        // The same series again.
        Counter(label: "a.b", dimensions: [("x", "1")], factory: metrics).increment()
        Meter(label: "level", factory: metrics).set(1.5)
        let text = """
            # TYPE a_b counter
            a_b{x="1"} 2
            a_b{x="2"} 3
            # TYPE level gauge
            level 1.5

            """
        #expect(metrics.text == text)
        first.destroy()
        #expect(metrics.text == text.replacing("a_b{x=\"1\"} 2\n", with: ""))
    }

    @Test func `labels are escaped`() {
        Counter(label: "c", dimensions: [("l-1", "a\\b\"c\nd\r\n")], factory: metrics).increment()
        #expect(metrics.text == "# TYPE c counter\nc{l_1=\"a\\\\b\\\"c\\nd\\n\"} 1\n")
    }

    @Test func `a timer is a histogram in seconds whose buckets add up`() {
        let timer = Timer(label: "t", dimensions: [("m", "x")], factory: metrics)
        for milliseconds in [1, 2, 2, 20_000] { timer.recordMilliseconds(milliseconds) }
        let lines = metrics.text.split(separator: "\n").map(String.init)
        #expect(lines.first == "# TYPE t_seconds histogram")
        #expect(lines.contains(#"t_seconds_bucket{m="x",le="0.0005"} 0"#))
        // A bound is part of its bucket.
        #expect(lines.contains(#"t_seconds_bucket{m="x",le="0.001"} 1"#))
        #expect(lines.contains(#"t_seconds_bucket{m="x",le="0.0025"} 3"#))
        #expect(lines.contains(#"t_seconds_bucket{m="x",le="10.0"} 3"#))
        #expect(
            lines.suffix(3) == [
                #"t_seconds_bucket{m="x",le="+Inf"} 4"#, #"t_seconds_sum{m="x"} 20.005"#,
                #"t_seconds_count{m="x"} 4"#,
            ])
    }

    @Test func `a recorder is a summary, or a gauge if it does not aggregate`() {
        let recorder = Recorder(label: "r", factory: metrics)
        recorder.record(2)
        recorder.record(5)
        Recorder(label: "s", aggregate: false, factory: metrics).record(7)
        #expect(
            metrics.text
                == "# TYPE s gauge\ns 7.0\n# TYPE r summary\nr_sum 7.0\nr_count 2\n")
    }

    @Test func `a model's requests, samples, batches and failures are counted`() async throws {
        let repository = ModelRepository(
            ["sum": try SumModel.predictor(bias: 0)], metrics: metrics)
        let model = try repository.model("sum")
        for count in [1, 3] { _ = try await model.infer([.ones([count, 2])]) }
        await #expect(throws: (any Error).self) { try await model.infer([.ones([1, 5])]) }
        let late = await #expect(throws: ServingError.self) {
            try await model.infer([.ones([1, 2])], timeout: .zero)
        }
        #expect(late?.status == .timeout)
        let lines = metrics.text.split(separator: "\n").map(String.init)
        let labels = #"model="sum",version="1""#
        for line in [
            "strata_inference_request_success_total{\(labels)} 2",
            "strata_inference_count_total{\(labels)} 4",
            "strata_inference_exec_count_total{\(labels)} 2",
            "strata_inference_pending_request_count{\(labels)} 0.0",
            #"strata_inference_request_failure_total{\#(labels),reason="BACKEND"} 0"#,
            // The wrong width is the request's fault, not the model's.
            #"strata_inference_request_failure_total{\#(labels),reason="OTHER"} 1"#,
            #"strata_inference_request_failure_total{\#(labels),reason="REJECTED"} 1"#,
            #"strata_inference_request_failure_total{\#(labels),reason="CANCELED"} 0"#,
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        for name in ["request", "queue", "compute_input", "compute_infer", "compute_output"] {
            let prefix = "strata_inference_\(name)_duration"
            #expect(lines.contains("\(prefix)_seconds_count{\(labels)} 2"))
            #expect(lines.contains { $0.hasPrefix("\(prefix)_us_total{\(labels)} ") })
            #expect(lines.contains("# TYPE \(prefix)_us_total counter"))
        }
        // Every metric says what it is.
        let names = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        for name in names { #expect(lines.contains { $0.hasPrefix("# HELP \(name) ") }, "\(name)") }
    }
}
#endif
