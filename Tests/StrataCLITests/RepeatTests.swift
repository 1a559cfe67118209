import Foundation
import Strata
import Testing

/// What a run's folder is for: to show the run, and to repeat it.
@Suite struct RepeatTests {
    @Test func `a run is repeated from the settings that its folder holds`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        // No seed: the one that was drawn is in the settings.
        let first = try workplace.strata(
            "train", "mnist", "--model", "lenet5", "--epochs", "2", "--batch-size", "25",
            "--learning-rate", "0.002", "--threads", "1")
        #expect(first.code == 0)
        let settings = try JSONValue(
            parsing: String(
                contentsOfFile: workplace.path("runs/0001-mnist-lenet5/settings.json"),
                encoding: .utf8))
        func setting(_ name: String) throws -> String {
            let value = try #require(settings[name], "the settings lack \(name)")
            if case .string(let text) = value { return text }
            return value.text
        }
        let again = try workplace.strata(
            "train", setting("data"), "--model", setting("network"),
            "--epochs", setting("epochs"), "--batch-size", setting("batch_size"),
            "--learning-rate", setting("learning_rate"), "--seed", setting("seed"),
            "--threads", setting("threads"))
        #expect(again.code == 0)
        let metrics = try ["0001", "0002"].map { run in
            try String(
                contentsOfFile: workplace.path("runs/\(run)-mnist-lenet5/metrics.csv"),
                encoding: .utf8)
        }
        #expect(metrics[0].split(whereSeparator: \.isNewline).count == 3)
        #expect(metrics[0] == metrics[1])
    }

    /// What a command writes to a terminal, which `script` (Debian's bsdutils, always installed) gives it.
    private func typescript(
        _ arguments: [String], environment: [String: String], in workplace: Workplace
    ) throws -> String {
        let process = workplace.process(arguments)
        let program = try #require(process.executableURL?.path)
        let line = ([program] + arguments).joined(separator: " ")
        process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
        process.arguments = ["-qec", line, workplace.path("typescript")]
        process.environment?.merge(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try String(contentsOfFile: workplace.path("typescript"), encoding: .utf8)
    }

    @Test func `in a terminal the curves grow under the progress bar`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let text = try typescript(
            ["train", "mnist", "--model", "lenet5", "--epochs", "4", "--seed", "1"],
            environment: ["TERM": "xterm", "NO_COLOR": "1"], in: workplace)
        // From the third epoch on there are points to join: a chart below the bar and the cursor back above
        // it, and the chart taken away when the epoch ends. The last one stays.
        let ups = text.matches(of: /\u{1B}\[(\d+)A\r/)
        #expect(ups.count == 2)
        #expect(ups.allSatisfy { (Int($0.1) ?? 0) > 5 })
        #expect(text.components(separatedBy: "\u{1B}[J").count == 1 + 2)
        #expect(text.components(separatedBy: "━ training  ┅ validation").count == 1 + 2 * 3)
    }

    @Test func `a terminal that cannot write over a line gets a line for each epoch`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let text = try typescript(
            ["train", "mnist", "--model", "lenet5", "--epochs", "3"],
            environment: ["TERM": "dumb"], in: workplace)
        #expect(!text.contains("\u{1B}"))
        let lines = text.split(whereSeparator: \.isNewline)
        #expect(lines.count { $0.hasPrefix("Epoch ") } == 3)
    }

    private static let chromium = ["/usr/bin/chromium", "/usr/bin/google-chrome"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(.enabled(if: chromium != nil, "no Chromium is installed to open the page in"))
    func `a run's page opens in a browser that reaches no network`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        #expect(
            try workplace.strata("train", "mnist", "--model", "lenet5", "--epochs", "2").code == 0)
        #expect(try workplace.strata("runs", "--html").code == 0)
        let browser = workplace.process([
            "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://127.0.0.1:9",
            "--user-data-dir=\(workplace.path("browser"))", "--window-size=1000,1600",
            "--screenshot=\(workplace.path("page.png"))",
            "file://\(workplace.path("runs/0001-mnist-lenet5/run.html"))",
        ])
        browser.executableURL = URL(fileURLWithPath: try #require(Self.chromium))
        let log = workplace.path("browser.log")
        try Data().write(to: URL(fileURLWithPath: log))
        browser.standardOutput = FileHandle.nullDevice
        browser.standardError = FileHandle(forWritingAtPath: log)
        try browser.run()
        browser.waitUntilExit()
        #expect(browser.terminationStatus == 0)
        // What a page's scripts, pictures and styles complain of.
        let errors = try String(contentsOfFile: log, encoding: .utf8)
        #expect(!errors.contains("CONSOLE"))
        // Curves, matrix and text: a page without its pictures is nearly white.
        let page = try ImageDecoder.decode(file: workplace.path("page.png"))
        let dark = page.scalars.filter { $0 < 128 }.count
        #expect(Double(dark) / Double(page.scalars.count) > 0.01)
    }
}
