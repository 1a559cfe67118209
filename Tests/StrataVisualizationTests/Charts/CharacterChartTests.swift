import Testing

@testable import Strata
@testable import StrataVisualization

/// Curves as characters, in terminals of every width.
@Suite struct CharacterChartTests {
    private func history(
        _ names: [String] = ["loss", "accuracy"], values: [Float] = [2, 1, 0.5]
    ) -> History {
        var history = History()
        for (epoch, value) in values.enumerated() {
            var logs: Logs = [:]
            for name in names {
                logs[name] = value
                logs["val_" + name] = value / 2
            }
            history.append(epoch, logs)
        }
        return history
    }

    private func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private func plain(_ text: String) -> String {
        text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    }

    @Test(arguments: [28, 32, 40, 58, 59, 60, 79, 80, 81, 100, 120, 160, 200], [false, true])
    func `every chart has its whole legend, and no line is longer than the width`(
        width: Int, hasColours: Bool
    ) {
        let text = plain(history().text(width: width, hasColours: hasColours))
        #expect(lines(text).allSatisfy { $0.columnCount <= width })
        let signs = hasColours ? ["● training", "● validation"] : ["━ training", "┅ validation"]
        for sign in signs { #expect(text.components(of: sign) == 2) }
        #expect(text.components(of: "epoch 3") == 2)
    }

    @Test func `sizes that no terminal has are those nearest to them`() {
        for (size, nearest) in [(Int.min, 28), (-1, 28), (0, 28), (1 << 40, 1_000), (.max, 1_000)] {
            #expect(history().text(width: size) == history().text(width: nearest))
        }
        for (size, nearest) in [(Int.min, 4), (0, 4), (1 << 40, 1_000), (.max, 1_000)] {
            #expect(
                history().text(width: 28, height: size)
                    == history().text(width: 28, height: nearest))
        }
    }

    @Test(arguments: [28, 80, 200]) func `every metric has a chart, however long its name`(
        width: Int
    ) {
        let names = ["loss", "accuracy", "sparse_top_k_categorical_accuracy_of_the_second_output"]
        let text = history(names).text(width: width)
        #expect(lines(text).allSatisfy { $0.columnCount <= width })
        #expect(text.contains("accuracy"))
        #expect(text.contains("sparse top k"))
        #expect(text.components(of: "validation") == 3)
    }

    @Test(
        arguments: [
            ([1.5e30, 2e30, 3e30], "3.1e+30"), ([1_200_000, 2_000_000, 9_000_000], "9.5e+06"),
            ([-123_456, 0, 5], "-130864"), ([1e-9, 2e-9, 3e-9], "3.2e-09"),
        ] as [([Float], String)])
    func `numbers at the axis are never cut off`(values: [Float], number: String) {
        let text = history(["loss"], values: values).text(width: 40)
        #expect(text.contains(number))
        #expect(lines(text).allSatisfy { $0.columnCount <= 40 })
    }

    @Test func `one epoch is a point with its epoch said once`() {
        let text = history(["loss"], values: [1]).text(width: 60)
        #expect(text.contains("epoch 1"))
        #expect(lines(text).last?.contains { $0 == "1" } == true)
        #expect(lines(text).last?.filter { $0 == "1" }.count == 1)
    }

    @Test func `what is not finite is said and leaves a hole`() throws {
        let bad = history(["loss"], values: [1, .nan, 1, 1])
        #expect(bad.text(width: 80).contains("not finite from epoch 2: NaN"))
        #expect(try bad.drawing().svg().contains(">not finite from epoch 2: NaN<"))
        let infinite = history(["loss"], values: [.infinity])
        #expect(infinite.text(width: 80).contains("not finite from epoch 1: inf"))
        let curve = lines(history(["loss"], values: [0, 1, .nan, 1, 0]).text(width: 60))
        // Before and behind the middle of the curves nothing is drawn.
        let middle = 8 + (60 - 8) / 2
        for line in curve.dropFirst(2).dropLast() {
            #expect(Array(line)[middle - 2..<middle + 2].allSatisfy { $0 == " " })
        }
    }

    @Test func `without colours the line of validation is dashed`() {
        var history = History()
        for epoch in 0..<4 { history.append(epoch, ["loss": 1, "val_loss": 0]) }
        let rows = lines(history.text(width: 40)).filter { $0.contains { $0 >= "\u{2801}" } }
        let drawn = rows.map { row in row.filter { ("\u{2801}"..."\u{28FF}").contains($0) }.count }
        // The upper line is whole, of the lower one six dots of twelve are there.
        #expect(drawn.count == 2)
        #expect(drawn[0] == 32)
        #expect(drawn[1] < 32 && drawn[1] >= 16)
    }

    @Test(arguments: [(24, 2), (20, 2), (12, 1), (9, 1), (6, 0)])
    func `live curves take no more lines than there are`(limit: Int, charts: Int) {
        let text = history(["loss", "accuracy", "auc"]).text(
            width: 80, linesAtMost: limit, hasColours: false)
        #expect(text.isEmpty == (charts == 0))
        #expect(text.isEmpty || lines(text).count <= limit)
        #expect(text.components(of: "epoch 3") == (charts == 0 ? 0 : charts == 1 ? 2 : 3))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        ranges(of: part).count
    }
}
