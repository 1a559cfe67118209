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

    /// `script` (Debian's bsdutils, always installed) gives the program a terminal.
    @Test func `in a terminal the curves grow under the progress bar`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let train = workplace.process([
            "train", "mnist", "--model", "lenet5", "--epochs", "4", "--seed", "1",
        ])
        let program = try #require(train.executableURL?.path)
        let line = ([program] + (train.arguments ?? [])).joined(separator: " ")
        train.executableURL = URL(fileURLWithPath: "/usr/bin/script")
        train.arguments = ["-qec", line, workplace.path("typescript")]
        train.environment?.merge(["TERM": "xterm", "NO_COLOR": "1"]) { $1 }
        train.standardOutput = FileHandle.nullDevice
        train.standardInput = FileHandle.nullDevice
        try train.run()
        train.waitUntilExit()
        #expect(train.terminationStatus == 0)
        let text = try String(contentsOfFile: workplace.path("typescript"), encoding: .utf8)
        // From the third epoch on there are points to join: a chart below the bar and the cursor back above
        // it, and the chart taken away when the epoch ends. The last one stays.
        let ups = text.matches(of: /\u{1B}\[(\d+)A\r/)
        #expect(ups.count == 2)
        #expect(ups.allSatisfy { (Int($0.1) ?? 0) > 5 })
        #expect(text.components(separatedBy: "\u{1B}[J").count == 1 + 2)
        #expect(text.components(separatedBy: "loss  ● training").count == 1 + 3)
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
