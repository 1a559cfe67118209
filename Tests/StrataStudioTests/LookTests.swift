#if Server
import Foundation
import HTTPTypes
import Strata
import StrataServer
import Testing

@testable import StrataStudio

/// What the page shows of the inside of a model, against numbers worked out by hand.
@Suite struct LookTests {
    /// A convolution that gives the picture twice, doubled the second time; pooling; three classes
    /// whose probabilities do not depend on the picture: 1/4, 1/2, 1/4.
    private static func model(size: Int = 4) throws -> Model {
        let conv = Conv2D(2, kernelSize: 1, name: "conv")
        let dense = Dense(3, activation: .softmax, name: "classes")
        let model = try Sequential(name: "known") {
            Input(shape: [size, size, 1], name: "pixels")
            conv
            MaxPooling2D(2, name: "pool")
            Flatten(name: "flat")
            dense
        }
        try conv.setWeights([Tensor([1, 2], shape: [1, 1, 1, 2]), Tensor([0, 0] as [Float])])
        let rows = (size / 2) * (size / 2) * 2
        try dense.setWeights([.zeros([rows, 3]), Tensor([0, 0.6931472, 0] as [Float])])
        model.classNames = ["a", "b", "c"]
        return model
    }

    private static let picture = Tensor.gray([
        [1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16],
    ])

    private func withKnown(
        _ picture: Tensor = picture, _ body: @Sendable (StudioClient, String) async throws -> Void
    ) async throws {
        try await StudioClient.with(["known": try Self.model()]) { studio in
            let sent = try await studio.post("/api/pictures", png: picture)
            try await body(studio, try #require(sent["picture"]?.string))
        }
    }

    @Test func aModelIsDescribedLayerByLayer() async throws {
        let conv = Conv2D(8, kernelSize: 3, activation: .relu, name: "first")
        let model = try Sequential(name: "fields") {
            Input(shape: [28, 28, 1], name: "pixels")
            conv
            MaxPooling2D(2, name: "pool")
            Conv2D(4, kernelSize: [3, 5], padding: .same, name: "second")
            Flatten(name: "flat")
            Dense(10, activation: .softmax, name: "classes")
        }
        try await StudioClient.with(["fields": model]) { studio in
            let answer = try await studio.get("/api/models/fields")
            let layers = try #require(answer["layers"]).items
            #expect(
                layers.map { $0["name"] } == [
                    "pixels", "first", "pool", "second", "flat", "classes",
                ])
            #expect(
                layers.map { $0["kind"] } == [
                    "input", "convolution", "pooling", "convolution", "flatten", "dense",
                ])
            #expect(
                layers.map { $0["output"] } == [
                    [28, 28, 1], [26, 26, 8], [13, 13, 8], [13, 13, 4], [676], [10],
                ])
            // 3·3·1·8 + 8, 3·5·8·4 + 4, 676·10 + 10.
            #expect(layers.map { $0["parameters"] } == [0, 80, 0, 484, 0, 6770])
            #expect(
                layers.map { $0["from"] } == [
                    [], ["pixels"], ["first"], ["pool"], ["second"], ["flat"],
                ])
            // Behind pooling a step is 2 pixels: 4 + (3 − 1) · 2 and 4 + (5 − 1) · 2.
            #expect(
                layers.map { $0["field"] } == [
                    ["size": [1, 1], "stride": [1, 1], "start": [0, 0]],
                    ["size": [3, 3], "stride": [1, 1], "start": [0, 0]],
                    ["size": [4, 4], "stride": [2, 2], "start": [0, 0]],
                    ["size": [8, 12], "stride": [2, 2], "start": [-2, -4]], .null, .null,
                ])
            #expect(
                layers[2]["pooling"] == [
                    "type": "max", "window": [2, 2], "strides": [2, 2], "padding": "valid",
                ])
            #expect(answer["camLayer"] == "second")
            #expect(answer["parameters"]?["total"] == 7334)
        }
    }

    @Test func theProbabilitiesOfAPicture() async throws {
        try await withKnown { studio, picture in
            let answer = try await studio.get("/api/models/known/predict?picture=\(picture)")
            let values = try #require(answer["probabilities"]).items.compactMap(\.number)
            #expect(zip(values, [0.25, 0.5, 0.25]).allSatisfy { abs($0 - $1) < 1e-6 })
            #expect(answer["best"] == 1)
            let sent = try await studio.post("/api/models/known/predict", png: Self.picture)
            #expect(sent["best"] == 1)
            #expect(sent["picture"] != .string(picture))
        }
    }

    @Test func aPictureThatIsTooSmallHasACureForThePage() async throws {
        let model = try Sequential(name: "open") {
            Input(shape: [nil, nil, 1])
            MaxPooling2D(4)
            MaxPooling2D(4)
            GlobalAveragePooling2D()
            Dense(2, activation: .softmax)
        }
        try await StudioClient.with(["open": model]) { studio in
            let sent = try await studio.post("/api/pictures", png: Self.picture)
            let picture = try #require(sent["picture"]?.string)
            let answer = try await studio.get(
                "/api/models/open/predict?picture=\(picture)", status: .badRequest)
            let error = try #require(answer["error"]?.string)
            #expect(error.contains("is smaller than the pool window [4, 4]"), "\(error)")
            let cure = "\n  fix: take a larger picture"
            #expect(error.hasSuffix(cure), "\(error)")
        }
    }

    @Test func aPictureComesBackAsItIs() async throws {
        try await withKnown { studio, picture in
            let stored = try await studio.bytes("/api/pictures/\(picture).png")
            #expect(try ImageDecoder.decode(stored) == Self.picture)
            let seen = try await studio.bytes("/api/models/known/input.png?picture=\(picture)&dx=1")
            // Moved to the right; the edge is repeated.
            #expect(
                try ImageDecoder.decode(seen)
                    == .gray([
                        [1, 1, 2, 3], [5, 5, 6, 7], [9, 9, 10, 11], [13, 13, 14, 15],
                    ]))
        }
    }

    @Test func mapsAreThoseOfTheLayer() async throws {
        try await withKnown { studio, picture in
            let conv = try await studio.get(
                "/api/models/known/layers/conv/output?picture=\(picture)&first=1&count=5")
            #expect(conv["total"] == 2)
            #expect(conv["values"]?["shape"] == [1, 4, 4])
            #expect(conv["values"]?.floats == (1...16).map { 2 * Float($0) })
            #expect(conv["maps"] == [["low": 2.0, "high": 32.0, "problem": .null]])
            let pool = try await studio.get(
                "/api/models/known/layers/pool/output?picture=\(picture)")
            #expect(pool["values"]?.floats == [6, 8, 14, 16, 12, 16, 28, 32])
            let input = try await studio.get(
                "/api/models/known/layers/pixels/output?picture=\(picture)")
            #expect(input["values"]?.floats == (1...16).map(Float.init))
            let row = try await studio.get(
                "/api/models/known/layers/flat/output?picture=\(picture)")
            #expect(row["kind"] == "row")
            #expect(row["values"]?.floats == [6, 12, 8, 16, 14, 28, 16, 32])
        }
    }

    @Test func filtersAreInTheOrderOfThePage() async throws {
        let conv = Conv2D(2, kernelSize: [1, 2], name: "conv")
        let model = try Sequential(name: "filters") {
            Input(shape: [4, 4, 3])
            conv
            Flatten()
            Dense(2)
        }
        // Keras's order: height, width, channels, filters.
        try conv.setWeights([
            Tensor((0..<12).map(Float.init), shape: [1, 2, 3, 2]), Tensor([7, 8] as [Float]),
        ])
        try await StudioClient.with(["filters": model]) { studio in
            let answer = try await studio.get("/api/models/filters/layers/conv/filters?first=1")
            #expect(answer["total"] == 2)
            #expect(answer["bias"]?.floats == [8])
            #expect(answer["values"]?["shape"] == [1, 1, 2, 3])
            #expect(answer["values"]?.floats == [1, 3, 5, 7, 9, 11])
        }
    }

    /// A bright pixel that moves within its window changes the convolution's map, not the pooled one.
    @Test(arguments: [(1, 0.0), (2, 2.0)]) func poolingHidesShiftsWithinAWindow(
        _ shift: Int, _ change: Double
    ) async throws {
        // Columns 2 and 3 are one window; from column 1 to 3 is another one.
        let picture = Self.bright(row: 2, column: 3 - shift)
        try await withKnown(picture) { studio, name in
            let answer = try await studio.get(
                "/api/models/known/shift?picture=\(name)&dx=\(shift)")
            let layers = try #require(answer["layers"]).items
            #expect(layers.map { $0["name"] } == ["conv", "pool", "flat", "classes"])
            #expect(layers[0]["change"]?.number == 2)
            #expect(layers[1]["change"]?.number == change)
            #expect(answer["before"]?["best"] == 1)
        }
    }

    private static func bright(row: Int, column: Int) -> Tensor {
        var rows = [[UInt8]](repeating: [0, 0, 0, 0], count: 4)
        rows[row][column] = 100
        return .gray(rows)
    }

    @Test func maximumBesideAverageOfTheSameMap() async throws {
        try await withKnown { studio, picture in
            let path = "/api/models/known/layers/conv/pooling?picture=\(picture)"
            let plain = try await studio.get(path)
            #expect(plain["max"]?.floats == [6, 8, 14, 16])
            #expect(plain["average"]?.floats == [3.5, 5.5, 11.5, 13.5])
            let other = try await studio.get("\(path)&map=1&window=1,4&strides=2,1")
            #expect(other["max"]?["shape"] == [2, 1])
            #expect(other["max"]?.floats == [8, 24])
            #expect(other["average"]?.floats == [5, 21])
            // At the right and lower edges a window holds two columns and two rows: padding does
            // not count.
            let same = try await studio.get("\(path)&window=3&strides=2&padding=same")
            #expect(same["max"]?.floats == [11, 12, 15, 16])
            #expect(same["average"]?.floats == [6, 7.5, 12, 13.5])
            let error = try await studio.get("\(path)&window=5", status: .badRequest)
            #expect(
                error["error"]?.string?.contains("is smaller than the pool window [5, 5]") == true)
        }
    }

    @Test func heatMapsHaveTheSizeOfTheLayerAndOfThePicture() async throws {
        try await withKnown { studio, picture in
            let cam = try await studio.get(
                "/api/models/known/gradcam?picture=\(picture)&layer=pool&class=2")
            #expect(cam["class"] == 2)
            #expect(cam["map"]?["shape"] == [2, 2])
            // The classes' weights are 0: nothing in the picture is evidence.
            #expect(cam["absence"]?.string?.contains("the gradient is 0") == true)
            let occlusion = try await studio.get(
                "/api/models/known/occlusion?picture=\(picture)&patch=2")
            #expect(occlusion["map"]?["shape"] == [4, 4])
            #expect(occlusion["map"]?.floats.allSatisfy { abs($0) < 1e-6 } == true)
        }
    }

    @Test(arguments: [
        ("/api/models/nobody", 404, "there is no model nobody"),
        ("/api/models/known/layers/none/output?picture=P", 400, "has no layer none"),
        ("/api/models/known/layers/conv/output", 400, "the query lacks picture"),
        ("/api/models/known/layers/conv/output?picture=P&first=2", 400, "the maps are 0 to 1"),
        ("/api/models/known/layers/conv/output?picture=gone", 404, "send it again"),
        ("/api/models/known/layers/conv/output?picture=P&dx=4", 400, "move it by less"),
        ("/api/models/known/layers/conv/output?picture=P&dx=x", 400, "no whole number"),
        ("/api/models/known/layers/pool/filters", 400, "has no 2D filters"),
        ("/api/models/known/layers/conv/pooling?picture=P&window=0", 400, "from 1 to 1024"),
        ("/api/models/known/predict?picture=moon:1", 404, "there is no data set moon"),
        ("/api/models/known/gradcam?picture=P&layer=conv&class=3", 400, "there is no class 3"),
        ("/api/datasets/shapes/test/x", 400, "no whole number"),
    ]) func whatIsWrongIsSaid(_ path: String, _ status: Int, _ words: String) async throws {
        try await withKnown { studio, picture in
            let answer = try await studio.get(
                path.replacingOccurrences(of: "=P", with: "=\(picture)"),
                status: HTTPResponse.Status(code: status))
            #expect(answer["error"]?.string?.contains(words) == true, "\(answer)")
        }
    }

    @Test func modelsThatTakeNoPicturesSayWhy() async throws {
        let signal = try Sequential(name: "signal") {
            Input(shape: [24, 2])
            Conv1D(4, kernelSize: 3)
            Flatten()
            Dense(3)
        }
        let picture = try Sequential(name: "picture") {
            Input(shape: [8, 8, 1])
            Conv2D(1, kernelSize: 3, padding: .same)
        }
        try await StudioClient.with(["signal": signal, "picture": picture]) { studio in
            let models = try #require(try await studio.get("/api/models")["models"]).items
            #expect(models.map { $0["name"] } == ["picture", "signal"])
            #expect(models.map { $0["takesPictures"] } == [true, false])
            #expect(models.map { $0["classifies"] } == [false, false])
            #expect(models[0]["why"]?.string?.contains("not a row of classes") == true)
            #expect(models[1]["why"]?.string?.contains("[?, 24, 2], not a picture") == true)
        }
    }
}
#endif
