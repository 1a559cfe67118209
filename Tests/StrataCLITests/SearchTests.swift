import Foundation
import Strata
import StrataSearch
import Testing

/// `strata search` from its start to its end, and over kills in between.
@Suite struct SearchTests {
    /// Networks that are trained in a moment.
    private static let space = """
        {"blocks": {"type": "int", "min_value": 1, "max_value": 2}, "convolutions": 1, "filters": 16,
         "kernel_size": 3, "padding": "same", "downsampling": "strides", "batch_normalization": false,
         "filter_growth": 1, "activation": "relu", "head": "flatten", "dense_units": 0,
         "optimizer": "adam", "batch_size": 64, "translation": false,
         "learning_rate": {"type": "float", "min_value": 1e-3, "max_value": 1e-2, "sampling": "log"}}
        """

    private func workplace() throws -> Workplace {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        try Self.space.write(
            toFile: workplace.path("space.json"), atomically: true, encoding: .utf8)
        return workplace
    }

    private static func arguments(
        _ algorithm: String, trials: Int = 3, epochs: Int = 2, folder: String = "search"
    ) -> [String] {
        [
            "search", "mnist", "--algorithm", algorithm, "--trials", "\(trials)", "--epochs",
            "\(epochs)", "--seed", "1", "--space", "space.json", "--folder", folder, "--threads",
            "1",
            "--output", "best.keras",
        ]
    }

    /// What two equal searches agree in: all but the times.
    private func outcomes(_ workplace: Workplace, _ folder: String = "search") throws -> [String] {
        try SearchResults(folder: workplace.path(folder)).trials.map { trial in
            "\(trial.number) \(trial.values.sorted { $0.key < $1.key }) \(trial.status) \(trial.objectives)"
        }
    }

    private func wait(for text: String, in path: String) {
        while (try? String(contentsOfFile: path, encoding: .utf8))?.contains(text) != true {
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    /// The process that works for a command.
    private func worker(of process: Process) throws -> Int32 {
        let identifier = process.processIdentifier
        while true {
            let children = try String(
                contentsOfFile: "/proc/\(identifier)/task/\(identifier)/children", encoding: .utf8)
            if let child = children.split(separator: " ").first.flatMap({ Int32($0) }) {
                return child
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    private func start(_ workplace: Workplace, _ arguments: [String]) throws -> Process {
        let process = workplace.process(arguments)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test func `a search finds, saves and prints the best network`() throws {
        let workplace = try workplace()
        let outcome = try workplace.strata(Self.arguments("hyperband", trials: 4, epochs: 3))
        #expect(outcome.errors == "")
        #expect(outcome.code == 0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.first == "Searching on MNIST: 200 pictures, 10 classes")
        #expect(outcome.output.contains("\nSaved best.keras, the model of trial "))
        #expect(outcome.output.contains("\ntest accuracy "))
        let results = try SearchResults(folder: workplace.path("search"))
        #expect(results.trials.count == 4)
        let best = try #require(results.best().first)
        for file in [
            "search/\(best.folder)/metrics.jsonl", "search/\(best.folder)/model.keras",
            "search/trials.csv", "search/curves.png", "search/parallel_coordinates.svg",
            "search/importance.svg", "search/best.swift",
        ] {
            #expect(FileManager.default.fileExists(atPath: workplace.path(file)), "\(file)")
        }
        // What trials went on from is gone, and so are the workers.
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: workplace.path("search"))
                .filter { $0.contains("backup") || $0.hasSuffix(".lock") } == [])
        let result = try JSONValue(
            parsing: String(contentsOfFile: workplace.path("search/result.json"), encoding: .utf8))
        let measured = try workplace.strata("evaluate", "best.keras", "mnist", "--json")
        #expect(
            try JSONValue(parsing: measured.output)["accuracy"] == result["test_accuracy"])
        // Its trials are runs like others.
        #expect(try workplace.strata("runs", "search/trials").code == 0)
    }

    @Test(arguments: ["random", "tpe", "hyperband"])
    func `a killed search goes on as if nothing had been`(algorithm: String) throws {
        let workplace = try workplace()
        let whole = Self.arguments(algorithm, epochs: 4, folder: "whole")
        #expect(try workplace.strata(whole).code == 0)
        let parts = Self.arguments(algorithm, epochs: 4, folder: "parts")
        for epoch in 1...2 {
            let process = try start(workplace, parts)
            wait(for: #""epoch": \#(epoch), "event""#, in: workplace.path("parts/journal.jsonl"))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        #expect(try workplace.strata(parts).code == 0)
        #expect(try outcomes(workplace, "parts") == outcomes(workplace, "whole"))
    }

    @Test func `a process that is killed in a trial is replaced`() throws {
        let workplace = try workplace()
        #expect(try workplace.strata(Self.arguments("random", folder: "whole")).code == 0)
        let process = try start(workplace, Self.arguments("random", folder: "parts"))
        wait(for: #""event": "epoch""#, in: workplace.path("parts/journal.jsonl"))
        kill(try worker(of: process), SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try outcomes(workplace, "parts") == outcomes(workplace, "whole"))
    }

    @Test(
        arguments: [(SIGINT, 130, 1), (SIGTERM, 143, 1), (SIGINT, 130, 2), (SIGTERM, 143, 2)]
            as [(Int32, Int32, Int)])
    func `a signal ends the search, which can be continued`(
        signal: Int32, code: Int32, workers: Int
    ) throws {
        let workplace = try workplace()
        let arguments =
            Self.arguments("random", trials: 2, epochs: 50) + ["--workers", "\(workers)"]
        let process = try start(workplace, arguments)
        wait(for: #""event": "epoch""#, in: workplace.path("search/journal.jsonl"))
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationStatus == code)
        let trials = try SearchResults(folder: workplace.path("search")).trials
        #expect(trials.allSatisfy { $0.status == .paused })
        #expect(try workplace.strata(arguments).code == 0)
        #expect(
            try SearchResults(folder: workplace.path("search")).trials.map(\.status)
                == [.completed, .completed])
    }

    /// Each has one of two threads, so that sums are divided as with a single process.
    @Test func `two processes find what one finds`() throws {
        let workplace = try workplace()
        #expect(
            try workplace.strata(Self.arguments("random", trials: 4, folder: "one")).code == 0)
        var two = Self.arguments("random", trials: 4, folder: "two")
        // The last --threads counts.
        two += ["--workers", "2", "--threads", "2"]
        #expect(try workplace.strata(two).code == 0)
        #expect(try outcomes(workplace, "two") == outcomes(workplace, "one"))
        for trial in try SearchResults(folder: workplace.path("two")).trials {
            let path = workplace.path("two/\(trial.folder)/settings.json")
            let settings = try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))
            #expect(settings["threads"] == 1)
        }
    }

    @Test(arguments: [
        (
            ["--algorithm", "hyperbnd"], 64,
            "use random, grid, tpe or hyperband; did you mean hyperband?"
        ),
        (["--time", "20"], 64, "use a time with its units, such as 90s, 20m or 1h30m"),
        (["--time", "0s"], 64, "use a time with its units"),
        (["--time", "99999999999999999999h"], 64, "use a time with its units"),
        (["--trials", "0"], 64, "use an integer, 1 to"),
        (["--output", "best.h5"], 64, "--output is best.h5; let the name end in .keras."),
        (["--objective", "val_acuracy"], 65, "the objective val_acuracy is not in the logs"),
        (["--space", "missing.json"], 66, "missing.json"),
        (["--folder", "space.json"], 73, "space.json"),
    ])
    func `wrong arguments are errors`(options: [String], code: Int32, message: String) throws {
        let workplace = try workplace()
        let outcome = try workplace.strata(
            ["search", "mnist", "--epochs", "1"]
                + (options.contains("--trials") ? [] : ["--trials", "1"]) + options)
        #expect(outcome.code == code)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test(arguments: [
        (
            #"{"filters": {"type": "choice", "values": []}}"#,
            "hyperparameter filters: the choice is empty"
        ),
        (
            #"{"filters": {"type": "int", "min_value": 64, "max_value": 16}}"#,
            "hyperparameter filters: "
        ),
        (#"{"filtres": 16}"#, "did you mean filters?"),
        (#"{"optimizer": "adagrad"}"#, "hyperparameter optimizer: "),
        (#"{"filters": 0.5}"#, "hyperparameter filters: "),
        (
            #"{"filters": 9223372036854775807}"#,
            "hyperparameter filters: its value is 9223372036854775807"
        ),
        (#"{"filters": 1000000000}"#, "hyperparameter filters: its value is 1000000000"),
        (#"{"kernel_size": 1000}"#, "hyperparameter kernel_size: its value is 1000"),
        (#"{"learning_rate": NaN}"#, "hyperparameter learning_rate: "),
        ("[1, 2", "bad.json"),
    ])
    func `wrong spaces are errors that name the hyperparameter`(
        space: String, message: String
    ) throws {
        let workplace = try workplace()
        try space.write(toFile: workplace.path("bad.json"), atomically: true, encoding: .utf8)
        let outcome = try workplace.strata(
            "search", "mnist", "--trials", "1", "--epochs", "1", "--space", "bad.json")
        #expect(outcome.code == 65)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
}
