import Foundation
import Testing

@testable import Strata
@testable import StrataVisualization

@Suite struct ChartTests {
    @Test(arguments: [
        ([0, 1], false, [0, 0.2, 0.4, 0.6, 0.8, 1], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (
            [0.12, 0.38], false, [0.15, 0.2, 0.25, 0.3, 0.35],
            ["0.15", "0.20", "0.25", "0.30", "0.35"]
        ),
        ([1, 12], true, [2, 4, 6, 8, 10, 12], ["2", "4", "6", "8", "10", "12"]),
        ([1, 2], true, [1, 2], ["1", "2"]),
        ([900, 2100], false, [1000, 1500, 2000], ["1000", "1500", "2000"]),
    ])
    func `ticks are round numbers within the axis`(
        values: [Double], isWhole: Bool, ticks: [Double], texts: [String]
    ) {
        let axis = Axis(covering: values, count: 4, isWhole: isWhole)
        #expect(axis.ticks.count == ticks.count)
        // Multiples of a step in double, up to 2100: 2⁻⁵³ of that is 2e-13.
        for (tick, wanted) in zip(axis.ticks, ticks) { #expect(abs(tick - wanted) < 1e-9) }
        #expect(axis.ticks.map(axis.text) == texts)
        #expect(values.allSatisfy { (0...1).contains(axis.position($0)) })
    }

    @Test(arguments: [
        [], [3], [0, 0], [Double.nan, .infinity], [1e-12, 2e-12], [-1e30, 1e30],
        [-1.7e308, 1.7e308], [0, 1.7e308],
    ])
    func `an axis over anything has an extent`(values: [Double]) {
        let axis = Axis(covering: values)
        #expect(axis.high > axis.low)
        #expect((axis.high - axis.low).isFinite)
        #expect(axis.ticks.count < 20)
    }

    private func history() -> History {
        var history = History()
        history.append(0, ["loss": 2, "val_loss": 3, "accuracy": 0.25, "val_accuracy": 0.5])
        history.append(1, ["loss": 1, "val_loss": 1, "accuracy": 0.5, "val_accuracy": 0.75])
        history.append(2, ["loss": 0, "val_loss": 2, "accuracy": 0.75, "val_accuracy": 0.625])
        return history
    }

    @Test func `the best validation is marked: the smallest loss, the largest accuracy`() throws {
        let text = try history().drawing().svg()
        #expect(text.contains(">best: 1.0 in epoch 2<"))
        #expect(text.contains(">best: 0.75 in epoch 2<"))
        #expect(text.contains(">loss<"))
        #expect(text.contains(">accuracy<"))
        #expect(text.contains(">validation<"))
    }

    @Test func `a chart of characters fills its width and has no codes without colours`() {
        let lines = history().text(width: 60, height: 6).split(
            separator: "\n", omittingEmptySubsequences: false)
        // Title, legend, six lines of curves, epochs.
        #expect(lines.count == 9)
        #expect(lines.allSatisfy { $0.count <= 60 && !$0.contains("\u{1B}") })
        #expect(lines[0].contains("loss") && lines[0].contains("accuracy"))
        #expect(history().text(hasColours: true).contains("\u{1B}[38;5;208m"))
    }

    @Test func `nothing recorded is an empty picture, and a hole is left out`() throws {
        #expect(try History().drawing().svg().contains("</svg>"))
        #expect(History().text() == "")
        var broken = History()
        broken.append(0, ["loss": .nan])
        broken.append(1, ["loss": .infinity])
        #expect(try !broken.drawing().svg().contains("nan"))
        #expect(!broken.text().isEmpty)
    }

    @Test(arguments: [1, 4, 9]) func `a legend takes as many lines as its names need`(
        count: Int
    ) throws {
        let names = (1...count).map { "000\($0)-fashion-mnist-strided-with-a-long-name" }
        let series = names.map {
            LineChart.Series(name: $0, colour: Colour.series[0], values: [(1, 0), (2, 1)])
        }
        let drawing = LineChart(title: "loss", series: series).drawing(width: 400)
        for name in names {
            let text = try #require(
                drawing.shapes.compactMap { shape -> Drawing.Text? in
                    if case .text(let text) = shape, text.string == name { text } else { nil }
                }.first)
            #expect(text.position.x + Drawing.width(of: name, size: text.size) <= 400)
        }
        // Each name has a line of its own here.
        #expect(drawing.height == 280 + 18 * Double(count - 1))
    }

    /// Two cats, one of which is taken for a dog; three dogs; no bird, but one cat is taken for one.
    private func matrix() throws -> ConfusionMatrix {
        try ConfusionMatrix(
            labels: [0, 0, 0, 1, 1, 1], predictions: [0, 1, 2, 1, 1, 1],
            classNames: ["cat", "dog", "bird"])
    }

    @Test func `a confusion matrix counts what was taken for what`() throws {
        let matrix = try matrix()
        #expect(matrix.counts == [[1, 1, 1], [0, 3, 0], [0, 0, 0]])
        #expect(matrix.accuracy == 4.0 / 6)
        #expect([0, 1, 2].map(matrix.recall) == [1.0 / 3, 1, 0])
        #expect([0, 1, 2].map(matrix.precision) == [1, 0.75, 0])
        #expect(abs(matrix.f1Score(of: 1) - 6.0 / 7) < 1e-12)
        #expect(matrix.f1Score(of: 2) == 0)
        #expect(matrix.confusions().map(\.prediction) == [1, 2])
        #expect(
            matrix.description == """
                confusion matrix: rows are true classes, columns predicted classes
                      cat  dog  bird
                cat     1    1     1
                dog     0    3     0
                bird    0    0     0
                """)
        #expect(
            matrix.report == """
                      precision    recall        f1   samples
                cat       1.000     0.333     0.500         3
                dog       0.750     1.000     0.857         3
                bird      0.000         -     0.000         0
                """)
    }

    @Test func `long names of classes are numbers at the head of the table`() throws {
        let names = (0..<10).map { "a class with a name \($0)" }
        let matrix = try ConfusionMatrix(
            labels: [9, 9], predictions: [0, 9], classNames: names)
        let lines = matrix.description.split(separator: "\n")
        #expect(lines[1].split(separator: " ") == (0..<10).map { Substring("\($0)") })
        #expect(lines[11] == "9 a class with a name 9  1  0  0  0  0  0  0  0  0  1")
    }

    @Test func `a matrix of answers that do not fit is refused`() {
        #expect(throws: ModelError.self) {
            try ConfusionMatrix(labels: [0], predictions: [], classNames: ["a"])
        }
        let error = #expect(throws: ModelError.self) {
            try ConfusionMatrix(labels: [0], predictions: [2], classNames: ["a", "b"])
        }
        #expect(
            error?.description == """
                there is a class 2, but 2 classes have names
                  fix: number the classes from 0, and give a name to each
                """)
    }

    @Test(arguments: [1, 3, 10, 40]) func `matrices of all sizes are drawn`(count: Int) throws {
        let names = (0..<count).map { "class \($0)" }
        let matrix = try ConfusionMatrix(
            labels: Array(0..<count), predictions: Array(repeating: 0, count: count),
            classNames: names)
        let text = try matrix.drawing().svg()
        for name in names { #expect(text.components(separatedBy: ">\(name)<").count == 3) }
        #expect(try matrix.precisionRecallDrawing().svg().contains(">100.0 %<"))
    }

    @Test func `axes have their names, and bars a scale`() throws {
        let matrix = try matrix()
        let text = try matrix.drawing().svg()
        #expect(text.contains(">true class<") && text.contains(">predicted class<"))
        let bars = try matrix.precisionRecallDrawing().svg()
        for tick in ["0 %", "25 %", "50 %", "75 %", "100 %"] { #expect(bars.contains(">\(tick)<")) }
        #expect(bars.contains(">class<"))
    }

    @Test func `classes that do not occur have no precision and no recall`() throws {
        // The bird is not there, and nothing was taken for the owl.
        let matrix = try ConfusionMatrix(
            labels: [0, 0, 2], predictions: [0, 1, 0], classNames: ["cat", "bird", "owl"])
        let bars = try matrix.precisionRecallDrawing().svg()
        #expect(bars.components(separatedBy: ">no samples<").count == 2)
        #expect(bars.components(separatedBy: ">never predicted<").count == 2)
        #expect(
            matrix.report == """
                      precision    recall        f1   samples
                cat       0.500     0.500     0.500         2
                bird      0.000         -     0.000         0
                owl           -     0.000     0.000         1
                """)
        // A class that is not there at all has no F1 either; Keras's metrics say 0.
        let empty = try ConfusionMatrix(
            labels: [0], predictions: [0], classNames: ["cat", "狐"])
        #expect(empty.report.hasSuffix("狐            -         -         -         0"))
        #expect(empty.f1Score(of: 1) == 0)
    }

    @Test func `scores that are NaN are no answers`() throws {
        let images = try LabelledImages(
            x: Tensor([UInt8](repeating: 9, count: 8), shape: [2, 2, 2]),
            y: Tensor([0, 1] as [Int32]), classNames: ["a", "b"])
        let error = #expect(throws: ModelError.self) {
            try ClassPredictions(images, scores: Tensor([0.5, 0.5, .nan, 0.5], shape: [2, 2]))
        }
        #expect(error?.description.hasPrefix("the scores of sample 1 are NaN") == true)
    }

    @Test func `a table has lines of at most 80 columns, however long the names`() throws {
        let names = [String(repeating: "very long ", count: 20), String(repeating: "長", count: 60)]
        let matrix = try ConfusionMatrix(labels: [0, 1], predictions: [0, 1], classNames: names)
        let lines = matrix.report.split(separator: "\n")
        #expect(lines.map(\.columnCount) == [80, 80, 80])
    }

    @Test func `mistakes come surest first`() throws {
        let images = try LabelledImages(
            x: Tensor([UInt8](repeating: 9, count: 16), shape: [4, 2, 2]),
            y: Tensor([0, 1, 1, 0] as [Int32]), classNames: ["a", "b"])
        let scores = Tensor([0.4, 0.6, 0.9, 0.1, 0.2, 0.8, 0.1, 0.9], shape: [4, 2])
        let predictions = try ClassPredictions(images, scores: scores)
        #expect(predictions.predictions == [1, 0, 1, 1])
        // Of equals, the first picture.
        #expect(predictions.mistakes(5).map(\.index) == [1, 3, 0])
        #expect(predictions.mistakes(1).map(\.probability) == [0.9])
        let text = try predictions.mistakeSheet().svg()
        #expect(text.contains(">a: 90 %<") && text.contains(">true: b<"))
        #expect(text.components(separatedBy: "<image").count == 4)
    }

    /// softmax(ln 3, 0) = (3, 1) / 4; sigmoid(ln 3) = 3 / 4.
    @Test func `logits and single numbers become probabilities`() throws {
        let images = try LabelledImages(
            x: Tensor([UInt8](repeating: 0, count: 1), shape: [1, 1, 1]), y: Tensor([0] as [Int32]),
            classNames: ["a", "b"])
        let third: Float = 1.0986123
        let two = try ClassPredictions(images, scores: Tensor([third, 0], shape: [1, 2]))
        let one = try ClassPredictions(images, scores: Tensor([third], shape: [1, 1]))
        // ln 3 has seven digits, and an exponential and a quotient are off by a few times 6e-8.
        for (value, wanted) in zip(two.probabilities.scalars, [0.75, 0.25] as [Float]) {
            #expect(abs(value - wanted) < 1e-6)
        }
        for (value, wanted) in zip(one.probabilities.scalars, [0.25, 0.75] as [Float]) {
            #expect(abs(value - wanted) < 1e-6)
        }
    }
}
