import Foundation
import Strata
import Testing

/// `strata runs`.
@Suite struct RunsTests {
    /// Writes a run as its folder holds it.
    private func write(
        _ name: String, settings: String, accuracies: [Double], seconds: Double?,
        in workplace: Workplace
    ) throws {
        let folder = workplace.folder.appendingPathComponent("runs/\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lines = accuracies.enumerated().map { index, accuracy in
            "{\"epoch\": \(index + 1), \"loss\": \(1 - accuracy), \"val_accuracy\": \(accuracy), "
                + "\"val_loss\": \(accuracy / 2)}\n"
        }
        try Data(settings.utf8).write(to: folder.appendingPathComponent("settings.json"))
        try Data(lines.joined().utf8).write(to: folder.appendingPathComponent("metrics.jsonl"))
        if let seconds {
            try Data("{\"seconds\": \(seconds)}".utf8).write(
                to: folder.appendingPathComponent("result.json"))
        }
    }

    private func workplace() throws -> Workplace {
        let workplace = try Workplace()
        try write(
            "0001-a",
            settings: """
                {"data": "mnist", "network": "vgg", "optimizer": "adam", "learning_rate": 0.001, \
                "epochs": 3}
                """, accuracies: [0.8244, 0.8549, 0.9], seconds: 12.34, in: workplace)
        try write(
            "0002-b",
            settings: """
                {"data": "mnist", "network": "lenet5", "optimizer": "sgd", "learning_rate": 0.1, \
                "epochs": 5}
                """, accuracies: [0.91, 0.95, 0.94], seconds: nil, in: workplace)
        try write(
            "0003-c", settings: "{\"epochs\": 2}", accuracies: [], seconds: nil, in: workplace)
        return workplace
    }

    private static let head =
        "run     data   network  optimizer  learning_rate  epochs     seconds  val_accuracy  best_epoch"
    private static let a =
        "0001-a  mnist  vgg      adam               0.001     3/3        12.3        0.9000           3"
    private static let b =
        "0002-b  mnist  lenet5   sgd                  0.1     3/5  unfinished        0.9500           2"
    private static let c =
        "0003-c  -      -        -                      -     0/2  unfinished             -           -"

    @Test(
        arguments: [
            ([], [head, a, b, c]), (["--sort", "val_accuracy"], [head, b, a, c]),
            (["--sort", "learning_rate"], [head, a, b, c]),
            (["--sort", "network"], [head, b, a, c]),
            (["--sort", "best_epoch"], [head, b, a, c]), (["--sort", "epochs"], [head, c, a, b]),
            (["--sort", "seconds"], [head, a, b, c]), (["--sort", "best"], [head, b, a, c]),
        ] as [([String], [String])])
    func `each run has a row, with its best epoch, in the order that is asked for`(
        options: [String], table: [String]
    ) throws {
        let outcome = try workplace().strata(["runs"] + options)
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.split(separator: "\n").prefix(4).map(String.init) == table)
    }

    @Test func `the quantity by which runs are sorted is the one that is shown, best first`() throws
    {
        let outcome = try workplace().strata("runs", "--sort", "val_loss")
        let lines = outcome.output.split(separator: "\n").prefix(3)
        #expect(
            lines.map { $0.split(separator: " ").suffix(2).map(String.init) } == [
                ["val_loss", "best_epoch"], ["0.4122", "1"], ["0.4550", "1"],
            ])
    }

    @Test(arguments: [
        (
            "--sort",
            "loss, val_accuracy, val_loss, run, data, network, optimizer, learning_rate, epochs, "
                + "seconds, best_epoch"
        ), ("--quantity", "loss, val_accuracy, val_loss"),
    ])
    func `what cannot be sorted by or drawn is named with the nearest that can, before the table`(
        option: String, names: String
    ) throws {
        let outcome = try workplace().strata(
            ["runs", option, "val_acuracy", "--plot", "plot.svg"])
        #expect(outcome.code == 64)
        #expect(outcome.output == "")
        #expect(
            outcome.errors == """
                Error: no run has recorded val_acuracy; did you mean val_accuracy?
                  fix: use one of: \(names)

                """)
    }

    @Test func `a quantity without a plot is refused`() throws {
        let outcome = try workplace().strata("runs", "--quantity", "val_loss")
        #expect(outcome.code == 64)
        #expect(outcome.errors.hasPrefix("Error: --quantity is for --plot; "))
    }

    @Test(arguments: [
        ("settings.json", "{\"epochs\": "), ("settings.json", ""), ("settings.json", "[1]"),
        ("metrics.jsonl", "not JSON\n{}\n"), ("result.json", "\0\0\0\0"),
    ])
    func `a damaged run is left out with a warning, and the others are shown`(
        file: String, content: String
    ) throws {
        let workplace = try workplace()
        let path = "runs/0002-b/\(file)"
        try Data(content.utf8).write(to: workplace.folder.appendingPathComponent(path))
        let outcome = try workplace.strata("runs")
        #expect(outcome.code == 0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.prefix(3).map { $0.prefix(6) } == ["run   ", "0001-a", "0003-c"])
        #expect(outcome.errors.hasPrefix("warning: \(path): "))
        #expect(
            outcome.errors.hasSuffix("; restore or delete the run's folder; the run is left out\n"))
    }

    @Test func `the page shows the best epoch, and accuracies with four digits`() throws {
        let workplace = try workplace()
        #expect(try workplace.strata("runs", "--html", "runs/0001-a").code == 0)
        let page = try String(
            contentsOfFile: workplace.path("runs/0001-a/run.html"), encoding: .utf8)
        #expect(page.contains("<b>0.9000 in epoch 3</b><span>best validation accuracy</span>"))
        #expect(page.contains("<td>0.8244</td>"))
        #expect(page.contains("<td>0.9000</td>"))
    }
}
