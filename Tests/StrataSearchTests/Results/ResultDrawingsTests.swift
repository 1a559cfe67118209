import Foundation
import Strata
import Testing

@testable import StrataSearch
@testable import StrataVisualization

@Suite struct ResultDrawingsTests {
    /// Hyperparameters of every kind.
    private static let space: [HyperParameter] = [
        .choice("flag", [.boolean(false), .boolean(true)]),
        .choice("kind <&> \"🚀\"", [.string("first"), .string("<second>")]),
        .choice("batch_size", [.int(32), .int(64), .int(256)]),
        .int("units", 16, 1024, .log), .int("filters", 16, 64, step: 16), .int("many", 1, 100),
        .float("rate", 1e-4, 1e-1, .log), .float("dropout", 0, 0.5),
        .float("momentum", 0.1, 0.999, .reverseLog),
        .choice("single", [.string("only")]),
        HyperParameter(name: "fixed", domain: .fixed(.int(1))),
    ]

    private static func trials(_ count: Int) -> [Trial] {
        (0..<count).map { index in
            // Every third trial does not have the second hyperparameter.
            let values = space.enumerated().filter { $0.offset != 1 || index % 3 > 0 }.map {
                ($1, $1.domain.value(atQuantile: Double(index * (2 * $0 + 1) % 17) / 17))
            }
            let end = Float(index % 10) / 10
            return .made(
                index + 1, values, index % 7 == 6 ? [.nan] : [end / 2, end],
                status: index % 7 == 6 ? .diverged("NaN") : .completed)
        }
    }

    static let searches: [SearchResults] =
        [0, 1, 3, 40, 500].map { SearchResults(trials($0)) } + [
            SearchResults(
                trials(12).map { Trial.made($0.number, [], [.nan], status: .failed("disk")) }),
            SearchResults(trials(12), direction: .minimum, objective: "val_loss"),
            SearchResults((1...9).map { .made($0, [(space[6], .float(0.01))], [0.5]) }),
            SearchResults((1...9).map { .made($0, [], [.infinity, -.infinity, 1e30]) }),
        ]

    /// Nothing is cut off: all text and all lines are within the picture.
    @Test(arguments: searches.indices) func drawingsContainAllThatIsInThem(index: Int) throws {
        let results = Self.searches[index]
        for drawing in [
            results.parallelCoordinates(), results.curves(), results.importanceDrawing(),
        ] {
            let svg = try drawing.svg()
            #expect(!svg.contains("nan") && !svg.contains("inf"))
            let parser = XMLChecker()
            #expect(parser.parses(svg))
            let (width, height) = (0...drawing.width, 0...drawing.height)
            for shape in drawing.shapes {
                switch shape {
                case .text(let text):
                    let length = Drawing.width(of: text.string, size: text.size)
                    let start =
                        switch text.anchor {
                        case .start: text.position.x
                        case .middle: text.position.x - length / 2
                        case .end: text.position.x - length
                        }
                    #expect(width.contains(start) && width.contains(start + length), "\(text)")
                    #expect(height.contains(text.position.y))
                case .line(let points, _, _):
                    #expect(points.allSatisfy { width.contains($0.x) && height.contains($0.y) })
                case .rectangle, .polygon, .image: break
                }
            }
        }
    }

    /// A line per trial, and an axis for what varies, with its labels.
    @Test func parallelCoordinatesHaveAnAxisForEveryHyperparameter() throws {
        let drawing = SearchResults(Self.trials(40)).parallelCoordinates()
        let texts = drawing.shapes.compactMap { shape -> String? in
            if case .text(let text) = shape { text.string } else { nil }
        }
        for text in [
            "flag", "false", "true", "kind <&> \"🚀\"", "first", "<second>", "batch_size", "32",
            "256", "units", "filters", "48", "many", "rate", "0.001", "dropout", "momentum",
            "val_accuracy", "val accuracy of 40 trials", "best: trial 10, 0.9000",
            "grey: 5 without a value", "–: not in the trial", "–",
        ] { #expect(texts.contains(text), "\(text)") }
        for text in ["single", "fixed", "only"] { #expect(!texts.contains(text), "\(text)") }
        // Ten axes; the best trial's line is drawn twice, on white.
        let lines = drawing.shapes.count { shape in
            if case .line(let points, _, _) = shape { points.count == 10 } else { false }
        }
        #expect(lines == 41)
        #expect(try drawing.svg().contains("kind &lt;&amp;&gt; &quot;🚀&quot;"))
    }

    /// Losses of 0.01 to 0.11, and one of 1000.
    @Test func farWorseTrialsAreAtTheEndOfTheAxis() {
        let trials = (0..<12).map { index in
            Trial.made(index + 1, [], [index == 0 ? 1000 : Float(index) / 100])
        }
        let drawing = SearchResults(trials, direction: .minimum, objective: "loss")
            .parallelCoordinates()
        let texts = drawing.shapes.compactMap { shape -> String? in
            if case .text(let text) = shape { text.string } else { nil }
        }
        #expect(texts.contains("1 beyond the end of the last axis"))
        // The quartiles are 0.04 and 0.1, and 0.1 + 3 · 0.06 = 0.28 is the end.
        #expect(texts.contains("0.25"))
    }

    @Test(arguments: [
        (HyperParameter.int("units", 1, 8), HyperParameterValue.int(3), 2.0),
        (.int("units", 16, 64, step: 16), .int(64), 3), (.int("units", 1, 100), .int(64), 64),
        (.int("units", 16, 256, step: 2, .log), .int(64), 2),
        (.float("rate", 0, 1), .float(0.25), 0.25),
        (.float("rate", 1e-4, 1, .log), .float(0.1), 0.1),
        (.choice("flag", [.boolean(false), .boolean(true)]), .boolean(true), 1),
        (.choice("kind", [.string("a"), .string("b")]), .string("b"), 1),
        (.choice("size", [.int(32), .int(64)]), .int(64), 1),
    ])
    func valuesHaveAPlaceOnTheirAxis(
        parameter: HyperParameter, value: HyperParameterValue, expected: Double
    ) {
        #expect(parameter.coordinate(of: value) == expected)
    }

    /// The extent of an axis would be infinite.
    @Test(arguments: [(-1e308, 1e308, HyperParameter.Sampling.linear), (1e-300, 1e300, .log)])
    func boundsThatAreTooFarApartAreAnError(
        minValue: Double, maxValue: Double, sampling: HyperParameter.Sampling
    ) {
        #expect {
            try HyperParameters().float(
                "rate", minValue: minValue, maxValue: maxValue, sampling: sampling)
        } throws: { error in
            "\(error)" == """
                hyperparameter rate: the bounds \(minValue) and \(maxValue) are too far apart
                  fix: use bounds that are closer together
                """
        }
    }

    @Test func theLargestBoundsHaveAnAxis() throws {
        let parameter = HyperParameter.float("rate", 0, 1.7e308)
        let trials = (1...5).map { number in
            Trial.made(number, [(parameter, .float(1e307 * Double(number)))], [Float(number)])
        }
        let results = SearchResults(trials)
        #expect(try !results.parallelCoordinates().svg().contains("nan"))
        #expect(results.importances.map(\.importance) == [1])
    }

    @Test func filesAreWritten() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "strata-results-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let inner = folder.appending(path: "inner").path
        let results = SearchResults(Self.trials(8))
        try results.write(to: inner)
        let names = try FileManager.default.contentsOfDirectory(atPath: inner).sorted()
        #expect(
            names == [
                "curves.png", "curves.svg", "importance.png", "importance.svg",
                "parallel_coordinates.png", "parallel_coordinates.svg", "trials.csv",
            ])
        #expect(try FileContents.read("\(inner)/trials.csv") == Array(results.csv.utf8))
        #expect(throws: FileError.self) { try results.write(to: "\(inner)/trials.csv") }
    }

    /// RFC 4180: cells with commas, quotation marks or line breaks are in quotation marks.
    @Test func csvKeepsNamesAndValuesAsTheyAre() {
        let kind = HyperParameter.choice(
            "a, \"b\"\nc", [.string("x,y"), .string("z\"")])
        let status = HyperParameter.choice("status", [.float(0.1), .float(1e-7)])
        let results = SearchResults([
            .made(1, [(kind, .string("x,y")), (status, .float(0.1))], [0.5, 0.75], seconds: 1.5),
            .made(2, [(kind, .string("z\""))], [.nan], status: .diverged("NaN,\nin epoch 1")),
            .made(3, [(status, .float(1e-7))], [-.infinity], status: .failed("")),
            .made(4, [], [], status: .infeasible("no"), seconds: 0),
        ])
        let titles = "trial,status,val_accuracy,best_epoch,epochs,seconds,reason,"
        let lines: [String] = [
            titles + "\"a, \"\"b\"\"\nc\",status (hyperparameter)",
            "1,completed,0.75,2,2,1.5,,\"x,y\",0.1",
            "2,diverged,nan,,1,1.0,\"NaN,\nin epoch 1\",\"z\"\"\",",
            "3,failed,-inf,,1,1.0,,,1e-07",
            "4,infeasible,,,0,0.0,no,,",
        ]
        #expect(results.csv == lines.map { $0 + "\r\n" }.joined())
    }
}

/// Whether a text is well-formed XML, as far as tags and entities go.
private struct XMLChecker {
    func parses(_ text: String) -> Bool {
        // Between tags there is no `<`, and each `&` begins an entity.
        let entities = text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
        let known = ["amp;", "lt;", "gt;", "quot;"]
        guard entities.allSatisfy({ part in known.contains { part.hasPrefix($0) } }) else {
            return false
        }
        let tags = text.split(separator: "<", omittingEmptySubsequences: false).dropFirst()
        return tags.allSatisfy { $0.count { $0 == ">" } == 1 }
    }
}
