import Testing

@testable import StrataVisualization

@Suite struct ParallelCoordinatesTests {
    @Test(arguments: [
        (1e-4, 1e-1, ["0.0001", "0.001", "0.01", "0.1"]), (1e-6, 1e-4, ["1e-6", "1e-5", "0.0001"]),
        (16, 1024, ["20", "50", "100", "200", "500", "1000"]),
        (2, 8, ["2", "3", "4", "5", "6", "7", "8"]), (1.1, 1.2, ["1.1", "1.2"]),
    ])
    func `logarithmic ticks are round numbers`(low: Double, high: Double, texts: [String]) {
        let scale = AxisScale.logarithmic(low: low, high: high)
        #expect(scale.ticks.map(\.text) == texts)
        #expect(scale.ticks.allSatisfy { (0...1).contains($0.position) })
    }

    @Test(arguments: [
        (AxisScale.logarithmic(low: 1e-4, high: 1), 0.01, 0.5),
        (.logarithmic(low: 1, high: 1), 1, 0.5), (.logarithmic(low: 0, high: 1), 0.5, 0.5),
        (.logarithmic(low: 1e-4, high: 1), 10, 1),
        (.linear(low: 0, high: 8, isWhole: true), 2, 0.25),
        (.labels(["a", "b"]), 0, 0.25), (.labels(["a", "b"]), 1, 0.75), (.labels([]), 0, 0.5),
    ])
    func `values have a position on the axis`(scale: AxisScale, value: Double, expected: Double) {
        // log10(0.01) / log10(0.0001) is a quotient of rounded logarithms.
        #expect(abs(scale.position(of: value) - expected) < 1e-12)
    }

    /// The lines of two samples over two axes; where there is no value, it is below the axis.
    @Test func `lines go through their values`() throws {
        let chart = ParallelCoordinates(
            title: "t",
            axes: [
                .init(name: "a", scale: .labels(["x", "y"])),
                .init(name: "b", scale: .linear(low: 0, high: 4, isWhole: true)),
            ], lines: [[0, 4], [nil, 0]]
        ) { $0 == 1 ? .black : .notFinite }
        let lines = chart.drawing().shapes.compactMap { shape -> ([Point], Colour)? in
            // Axes and ticks are black too, but vertical or short.
            guard case .line(let points, let colour, _) = shape, points.count == 2,
                abs(points[1].x - points[0].x - 100) < 1e-9
            else { return nil }
            return (points, colour)
        }
        try #require(lines.count == 2)
        #expect(lines.map(\.1) == [.black, .notFinite])
        // The axes are 320 points high; 0 is the lower of two labels, a quarter from below.
        let (top, bottom) = (lines[0].0[1].y, lines[1].0[1].y)
        #expect(abs(bottom - top - 320) < 1e-9)
        #expect(abs(lines[0].0[0].y - (bottom - 80)) < 1e-9)
        #expect(lines[1].0[0].y > bottom)
    }

    @Test func `long names alternate between two rows, and do not overlap`() {
        let names = (1...16).map { "convolution_block_\($0)_number_of_filters" }
        let chart = ParallelCoordinates(
            title: "t", axes: names.map { .init(name: $0, scale: .labels(["x"])) },
            lines: [names.map { _ in 0 }]
        ) { _ in .black }
        let texts = chart.drawing().shapes.compactMap { shape -> Drawing.Text? in
            if case .text(let text) = shape, text.string.hasPrefix("conv") { text } else { nil }
        }
        #expect(texts.count == 16)
        for row in Set(texts.map(\.position.y)) {
            let row = texts.filter { $0.position.y == row }
            #expect(row.count == 8)
            for (left, right) in zip(row, row.dropFirst()) {
                let widths = [left, right].map { Drawing.width(of: $0.string, size: $0.size) }
                #expect(right.position.x - left.position.x > (widths[0] + widths[1]) / 2)
            }
        }
    }

    @Test func `bars are as long as their values`() {
        let bars = [1, 0.5, 0, Double.nan].map {
            BarChart.Bar(name: "a", value: $0, text: "\($0)")
        }
        let widths = BarChart(title: "t", bars: bars, note: "").drawing().shapes.compactMap {
            shape -> Double? in
            if case .rectangle(let frame, _, _, _, _) = shape { frame.width } else { nil }
        }
        #expect(widths == [300, 150, 0, 0])
    }
}
