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
            "receptive-fields", "filters-conv2d_1", "feature-maps-conv2d_1",
            "exciting-patches-conv2d_1", "grad-cam-conv2d_1", "occlusion",
        ] {
            let picture = try ImageDecoder.decode(file: workplace.path("look/\(name).png"))
            #expect(picture.shape[2] == 3)
        }
        let plotted = try workplace.strata("summary", "model.keras", "--plot", "model.svg")
        #expect(plotted.output.hasSuffix("model.svg\n"))
    }

    @Test func `a model is looked into whole, and a request that is wrong draws nothing`() throws {
        let workplace = try Workplace()
        try TinyDigits.install(in: workplace)
        let input = Input(shape: [nil, nil, 1])
        let x = Conv2D(4, kernelSize: 3, name: "first")(input)
        let y = Conv2D(5, kernelSize: 3, activation: .relu, name: "second")(
            ReLU(name: "rectified")(x))
        let model = try Model(
            inputs: input,
            outputs: Dense(10, activation: .softmax)(GlobalAveragePooling2D()(y)))
        model.classNames = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        ]
        try model.save(to: workplace.path("any.keras"))

        let all = try workplace.strata("look", "any.keras", "mnist:3", "--layer", "all", "--svg")
        #expect(all.errors == "")
        #expect(all.output.hasSuffix("\nlook/layers.svg\n"))
        let sheet = try String(contentsOfFile: workplace.path("look/layers.svg"), encoding: .utf8)
        #expect(sheet.contains(">Layer 1: first<") && sheet.contains(">Layer 2: second<"))
        #expect(sheet.contains("Conv2D, 4 maps of 26 × 26, shown behind rectified<"))
        #expect(sheet.contains(">5 × 5 pixels<"))
        #expect(sheet.contains("pictures that excite each map most"))

        for layer in ["first", "second"] {
            let one = try workplace.strata(
                "look", "any.keras", "mnist:3", "--layer", layer, "--class", "Seven", "--svg")
            #expect(one.code == 0)
        }
        for layer in ["first", "second"] {
            let text = try String(
                contentsOfFile: workplace.path("look/grad-cam-\(layer).svg"), encoding: .utf8)
            #expect(text.contains(">Grad-CAM: what speaks for seven<"))
        }

        for (arguments, text) in [
            (["--layer", "frist"], "did you mean first? layers with feature maps are first"),
            (
                ["--layer", "dense"],
                "layers with feature maps are first, rectified, second, or all"
            ),
            (["--layer", "second", "--maps", "5"], "layer second has the maps 0 to 4"),
            (["--maps", "-1"], "layer second has the maps 0 to 4"),
            (["--layer", "all", "--maps", "1"], "--maps is for one layer"),
            (["--class", "sevn"], "did you mean seven? the classes are 0 zero, 1 one"),
            (["--class", "10"], "there is no such class; the classes are 0 zero"),
            (["--classes", "a,b"], "--classes has 2 names"),
        ] {
            let outcome = try workplace.strata(
                ["look", "any.keras", "mnist:3", "--output", "none"] + arguments)
            #expect(outcome.code == 64)
            #expect(outcome.errors.contains(text))
            #expect(outcome.output == "")
            #expect(!FileManager.default.fileExists(atPath: workplace.path("none")))
        }
        let blocked = try workplace.strata("look", "any.keras", "mnist:3", "--output", "any.keras")
        #expect(blocked.code == 73)
        #expect(blocked.output == "")
    }

    @Test(arguments: [
        (["runs"], 66, "there is no folder runs; make a run with strata train"),
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
