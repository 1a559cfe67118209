import Foundation
import Strata
import Testing

@Suite struct PictureTests {
    @Test func `a run is recorded, listed and made a page, and its model looked into`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        for seed in ["1", "2"] {
            let outcome = try workplace.strata(
                "train", "mnist", "--model", "lenet5", "--epochs", "1", "--seed", seed)
            #expect(outcome.code == 0)
            #expect(outcome.output.hasSuffix("The run is in runs/000\(seed)-mnist-lenet5\n"))
        }
        let listed = try workplace.strata("runs", "--html", "--plot", "both.svg")
        #expect(listed.code == 0)
        #expect(listed.output.contains("\nseed  "))
        #expect(listed.output.hasSuffix("runs/0002-mnist-lenet5/run.html\n"))
        let page = try String(
            contentsOfFile: workplace.path("runs/0001-mnist-lenet5/run.html"), encoding: .utf8)
        #expect(page.hasPrefix("<!DOCTYPE html>"))

        let looked = try workplace.strata(
            "look", "model.keras", "mnist:3", "--data", "mnist", "--maps", "1,0", "--layer",
            "conv2d_1")
        #expect(looked.errors == "")
        #expect(looked.code == 0)
        // A 5 × 5 window, a pool of 2, and 5 × 5 at stride 2: 5 + 1 + 8.
        #expect(looked.output.contains("conv2d_1 (Conv2D): 14 × 14 pixels, 2 apart\n"))
        for name in [
            "receptive-fields", "filters", "feature-maps", "exciting-patches", "grad-cam",
            "occlusion",
        ] {
            let picture = try ImageDecoder.decode(file: workplace.path("look/\(name).png"))
            #expect(picture.shape[2] == 3)
        }
        let plotted = try workplace.strata("summary", "model.keras", "--plot", "model.svg")
        #expect(plotted.output.hasSuffix("model.svg\n"))
    }

    @Test(arguments: [
        (["runs"], 66, "there are no runs in runs; make one with strata train"),
        (["train", "mnist", "--epochs", "1", "--runs", "blocked"], 73, "blocked"),
        (["look", "m.keras", "mnist:0"], 66, "m.keras: no such file"),
        (["look", "m.keras", "mnist:0", "--maps", "1,x"], 64, "--maps"),
    ]) func `errors say what is wrong`(arguments: [String], code: Int32, text: String) throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        try Data().write(to: URL(fileURLWithPath: workplace.path("blocked")))
        let outcome = try workplace.strata(arguments)
        #expect(outcome.code == code)
        #expect(outcome.errors.contains(text))
    }
}
