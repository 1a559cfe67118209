import Testing

@testable import Strata

/// The line that a terminal draws again and again.
@Suite struct ProgressLineTests {
    private let line = ProgressLine(
        done: 25, steps: 141, timing: "1s 10ms/step",
        quantities: ["accuracy: 0.8544", "loss: 0.4263", "val_accuracy: 0.8544", "val_loss: 0.4"])

    @Test(arguments: [1, 10, 20, 40, 59, 60, 79, 80, 99, 100, 120, 200])
    func `a line is never wider than the terminal`(columns: Int) {
        #expect(line.text(columns: columns).columnCount <= columns)
    }

    @Test func `with room for everything it is Keras's`() {
        let whole =
            " 25/141 ━━━───────────────── 1s 10ms/step - accuracy: 0.8544 - loss: 0.4263"
            + " - val_accuracy: 0.8544 - val_loss: 0.4"
        #expect(line.text() == whole)
        #expect(line.text(columns: 200) == whole)
    }

    @Test func `the bar gives way first, then the end`() {
        #expect(
            line.text(columns: 108)
                == " 25/141 ━━──────────── 1s 10ms/step - accuracy: 0.8544 - loss: 0.4263"
                + " - val_accuracy: 0.8544 - val_loss: 0.4")
        #expect(
            line.text(columns: 60) == " 25/141 1s 10ms/step - accuracy: 0.8544 - loss: 0.4263 - va…"
        )
    }

    @Test func `names in wide letters count twice`() {
        let wide = ProgressLine(
            done: 1, steps: nil, timing: "1s", quantities: ["精度: 0.5", "損失: 0.25"])
        #expect(wide.text(columns: 20).columnCount <= 20)
        #expect(wide.text(columns: 20).hasPrefix("1/? 1s - 精度"))
    }

    @Test(arguments: [24, 40, 60, 62, 80]) func `a download's line is never wider either`(
        columns: Int
    ) {
        let file = RemoteFile(
            address: "https://example.org/cifar-10-binary.tar.gz",
            byteCount: 170_052_171, sha256: "")
        for received in [0, 1, 85_000_000, 170_052_171] {
            let text = DownloadProgress.line(file, received: received, columns: columns)
            #expect(text.columnCount <= columns)
        }
    }
}
