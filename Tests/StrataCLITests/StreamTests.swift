import Foundation
import Strata
import Testing

/// Standard output and error that lead nowhere.
@Suite struct StreamTests {
    private func workplace() throws -> Workplace {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        try Sequential {
            Input(shape: [28, 28, 1])
            Flatten()
            Dense(10, activation: .softmax)
        }.save(to: workplace.path("m.keras"))
        return workplace
    }

    /// Runs a command whose standard output is given; what it writes to standard error comes back.
    private func run(
        _ arguments: [String], in workplace: Workplace, output: FileHandle
    ) throws -> (code: Int32, errors: String) {
        let process = workplace.process(arguments)
        let errors = workplace.folder.appendingPathComponent("err")
        try Data().write(to: errors)
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        return (process.terminationStatus, try String(contentsOf: errors, encoding: .utf8))
    }

    private static let train = [
        "train", "mnist", "--model", "lenet5", "--epochs", "2", "--output", "saved.keras",
    ]

    @Test
    func
        `a reader that goes does not end training, and where the model is stands on standard error`()
        throws
    {
        let workplace = try workplace()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let outcome = try run(Self.train, in: workplace, output: pipe.fileHandleForWriting)
        #expect(outcome.code == 0)
        #expect(outcome.errors.hasPrefix("Saved saved.keras, the weights of epoch "))
        #expect(try Model.load(from: workplace.path("saved.keras")).countParams() == 61_706)
    }

    @Test(arguments: [
        ["summary", "m.keras"], ["plan", "m.keras"], ["datasets"], ["--help"], ["train", "--help"],
        ["--version"], ["predict", "m.keras", "mnist:0"], ["evaluate", "m.keras", "mnist"],
    ])
    func `a reader that goes ends other commands quietly`(arguments: [String]) throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let outcome = try run(arguments, in: workplace(), output: pipe.fileHandleForWriting)
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
    }

    @Test func `what was drawn is there though nobody reads the names of the files`() throws {
        let workplace = try workplace()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let outcome = try run(
            ["summary", "m.keras", "--plot", "m.svg"], in: workplace,
            output: pipe.fileHandleForWriting)
        #expect(outcome.code == 0)
        #expect(FileManager.default.fileExists(atPath: workplace.path("m.svg")))
    }

    @Test(arguments: [["summary", "m.keras"], ["datasets"], ["--help"], train])
    func `output that finds no room is an error, and a model is saved all the same`(
        arguments: [String]
    ) throws {
        let workplace = try workplace()
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let outcome = try run(arguments, in: workplace, output: full)
        #expect(outcome.code == 74)
        let lines = outcome.errors.split(separator: "\n")
        #expect(lines.last?.hasPrefix("Error: standard output could not be written; ") == true)
        if arguments == Self.train {
            #expect(lines.first?.hasPrefix("Saved saved.keras, ") == true)
            #expect(try Model.load(from: workplace.path("saved.keras")).countParams() == 61_706)
        }
    }

    /// A file that is opened next gets the lowest number that is free: that of standard output.
    @Test(arguments: [">&-", "2>&-", "<&- >&- 2>&-", "2>/dev/full"])
    func `closed streams do no harm to files`(closing: String) throws {
        let workplace = try workplace()
        let process = workplace.process(Self.train)
        let program = try #require(process.executableURL?.path)
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\"$0\" \"$@\" \(closing)", program] + Self.train
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try Model.load(from: workplace.path("saved.keras")).countParams() == 61_706)
        let run = workplace.path("runs/0001-mnist-lenet5/metrics.jsonl")
        #expect(try String(contentsOfFile: run, encoding: .utf8).split(separator: "\n").count == 2)
    }

    @Test func `errors stand behind what was printed before them`() throws {
        let workplace = try workplace()
        let process = workplace.process([
            "train", "mnist", "--epochs", "1", "--batch-size", "20", "--learning-rate", "1e30",
        ])
        // One file for both, as with 2>&1.
        let both = workplace.folder.appendingPathComponent("both")
        try Data().write(to: both)
        let handle = try FileHandle(forWritingTo: both)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        let lines = try String(contentsOf: both, encoding: .utf8).split(separator: "\n")
        #expect(lines.first?.hasPrefix("Training on MNIST: ") == true)
        #expect(lines.dropFirst().contains { $0.hasPrefix("Epoch 1/1 - ") })
        #expect(lines.last?.hasPrefix("Error: the loss became nan in epoch 1") == true)
    }
}
