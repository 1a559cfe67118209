#if Server
import Foundation
import HTTPTypes
import Strata
import StrataServer
import Testing

@testable import StrataStudio

/// Networks from blocks, and trainings to their end.
@Suite(.serialized) struct TrainingTests {
    private static let tiny: JSONValue = [
        [
            "kind": "convolution", "filters": 4, "kernel": [3, 3], "padding": "same",
            "activation": "relu",
        ],
        ["kind": "pooling", "type": "average", "window": [2, 2]], ["kind": "flatten"],
    ]

    /// A studio with a folder of runs and one of dark and bright pictures, 16 × 16.
    private func withStudio(
        _ body: @Sendable (StudioClient, _ pictures: String, _ runs: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "strata-studio-tests-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, level) in [("bright", 200), ("dark", 20)] {
            let classFolder = folder.appending(path: "pictures/\(name)")
            try FileManager.default.createDirectory(
                at: classFolder, withIntermediateDirectories: true)
            for index in 0..<20 {
                let pixels = [UInt8](repeating: UInt8(level + index), count: 16 * 16 * 3)
                let png = try ImageEncoder.png(Tensor(pixels, shape: [16, 16, 3]))
                try Data(png).write(to: classFolder.appending(path: "\(index).png"))
            }
        }
        var settings = Studio.Settings()
        settings.allowsTraining = true
        settings.runs = folder.appending(path: "runs").path
        try await StudioClient.with(settings: settings) { studio in
            try await body(
                studio, folder.appending(path: "pictures").path, folder.appending(path: "runs").path
            )
        }
    }

    private static func plan(
        _ pictures: String, epochs: Int, learningRate: JSONValue = 0.01
    ) -> JSONValue {
        [
            "folder": .string(pictures), "imageSize": 16, "blocks": tiny, "batchSize": 8,
            "epochs": .integer(epochs), "validationSplit": 0.2, "learningRate": learningRate,
            "name": "tiny net",
        ]
    }

    private struct Event {
        let name: String
        let id: Int
        let data: JSONValue
    }

    /// The events of the training until its end.
    private func events(_ studio: StudioClient) async throws -> [Event] {
        let text = String(decoding: try await studio.bytes("/api/train/events"), as: UTF8.self)
        return try text.split(separator: "\n\n").filter { !$0.hasPrefix(":") }.map { event in
            var fields: [Substring: Substring] = [:]
            for line in event.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1)
                fields[parts[0]] = parts[1].dropFirst()
            }
            return Event(
                name: String(try #require(fields["event"])),
                id: try #require(fields["id"].flatMap { Int($0) }),
                data: try JSONValue(parsing: String(try #require(fields["data"]))))
        }
    }

    @Test func shapesAndParametersOfBlocks() async throws {
        try await withStudio { studio, _, _ in
            let answer = try await studio.post(
                "/api/train/check",
                [
                    "dataset": "shapes",
                    "blocks": [
                        [
                            "kind": "convolution", "filters": 8, "kernel": [3, 3],
                            "padding": "full", "activation": "relu",
                        ],
                        ["kind": "pooling", "type": "max", "window": [3, 2], "strides": [2, 2]],
                        ["kind": "batch_normalization"], ["kind": "dropout", "rate": 0.5],
                        ["kind": "global_pooling", "type": "average"],
                        ["kind": "dense", "units": 5, "activation": "tanh"],
                    ],
                ])
            let blocks = try #require(answer["blocks"]).items
            // 28 + 3 − 1; ⌊(30 − 3) / 2⌋ + 1 and ⌊(30 − 2) / 2⌋ + 1.
            #expect(
                blocks.map { $0["output"] } == [
                    [30, 30, 8], [14, 15, 8], [14, 15, 8], [14, 15, 8], [8], [5], [10],
                ])
            #expect(blocks.map { $0["parameters"] } == [80, 0, 32, 0, 0, 45, 60])
            #expect(blocks.last?["role"] == "classes")
            #expect(answer["total"] == 217)
            #expect(answer["error"] == .null)
        }
    }

    @Test func aTooSmallImageIsToldWhereItArises() async throws {
        let pool: JSONValue = ["kind": "pooling", "type": "max", "window": [4, 4]]
        try await withStudio { studio, _, _ in
            let plan: JSONValue = [
                "dataset": "shapes", "blocks": [pool, pool, pool, ["kind": "flatten"]],
            ]
            let answer = try await studio.post("/api/train/check", plan)
            #expect(answer["blocks"]?.items.map { $0["output"] } == [[7, 7, 1], [1, 1, 1]])
            #expect(answer["error"]?["block"] == 2)
            #expect(
                answer["error"]?["message"]?.string == """
                    max_pooling2d_2: an image of [?, 1, 1, 1] is smaller than the pool window [4, 4]
                      input_layer -> [?, 28, 28, 1]
                      rescaling -> [?, 28, 28, 1]
                      max_pooling2d -> [?, 7, 7, 1]
                      max_pooling2d_1 -> [?, 1, 1, 1]
                      fix: choose padding same, fewer poolings or smaller strides, or images of \
                    at least 64 × 64
                    """)
            let start = try await studio.post("/api/train/start", plan, status: .badRequest)
            #expect(
                start["error"]?.string?.contains("smaller than the pool window") == true)
        }
    }

    @Test func aMissingFlattenIsAnErrorOfTheClasses() async throws {
        try await withStudio { studio, _, _ in
            let answer = try await studio.post(
                "/api/train/check",
                ["dataset": "shapes", "blocks": [["kind": "dense", "units": 3]]])
            #expect(answer["blocks"]?.items.count == 1)
            #expect(answer["error"]?["block"] == .null)
            #expect(
                answer["error"]?["message"]?.string?.contains("[?, 28, 28, 10], not a row") == true)
        }
    }

    /// Each block is within its limits; the weights of all would take 34 GB.
    @Test func aNetworkOfTooManyWeightsIsAnErrorOfItsBlock() async throws {
        let wide: JSONValue = ["kind": "dense", "units": 65_536]
        try await withStudio { studio, _, _ in
            let plan: JSONValue = [
                "dataset": "shapes",
                "blocks": [["kind": "flatten"], ["kind": "dense", "units": 8], wide, wide],
            ]
            let answer = try await studio.post("/api/train/check", plan)
            #expect(answer["error"]?["block"] == 3)
            let message = try #require(answer["error"]?["message"]?.string)
            #expect(message.contains("[65536, 65536]") && message.contains("dense_2"), "\(message)")
            #expect(message.contains("make the layer smaller"), "\(message)")
            let start = try await studio.post("/api/train/start", plan, status: .badRequest)
            #expect(start["error"]?.string == message)
        }
    }

    private static let wrong: [(String, JSONValue, String)] = [
        ("learningRate", 0, "use a finite number above 0"),
        ("epochs", 0, "use 1 to 1000"), ("batchSize", 100_000, "use 1 to 8192"),
        ("validationSplit", 1.5, "use 0 to 0.9"), ("optimizer", "newton", "adam, adamw"),
        ("dataset", "moon", "there is no data set moon"), ("seed", -1, "seed"),
        ("blocks", [["kind": "magic"]], "magic is no block"),
        ("blocks", [["kind": "dense", "units": 1_000_000_000_000]], "use up to"),
        ("blocks", [["kind": "convolution", "filters": 2, "padding": "causal"]], "causal"),
        ("folder", "/nowhere", "is no folder"),
    ]

    @Test(arguments: wrong) func settingsOutOfRangeAreRefused(
        _ name: String, _ value: JSONValue, _ words: String
    ) async throws {
        try await withStudio { studio, _, _ in
            var members: [String: JSONValue] = ["dataset": "shapes", "blocks": Self.tiny]
            members[name] = value
            let answer = try await studio.post(
                "/api/train/start", .object(members),
                status: name == "dataset" ? .notFound : .badRequest)
            #expect(answer["error"]?.string?.contains(words) == true, "\(answer)")
        }
    }

    @Test func aTrainingToItsEndIsSeenAndKept() async throws {
        try await withStudio { studio, pictures, runs in
            try await studio.get("/api/train/events", status: .notFound)
            let plan = Self.plan(pictures, epochs: 8)
            let started = try await studio.post("/api/train/start", plan, status: .created)
            #expect(started["training"] == 1)
            let events = try await events(studio)
            #expect(events.map(\.id) == events.map(\.id).sorted())
            let names = events.map(\.name).filter { $0 != "filters" }
            #expect(names.first == "start" && names.dropFirst().first == "batch")
            #expect(names.last == "end")
            let start = try #require(events.first).data
            #expect(start["steps"] == 4)
            #expect(start["samples"] == 32 && start["validation"] == 8)
            // 3·3·3·4 + 4, and 8·8·4·2 + 2.
            #expect(start["parameters"] == 626)
            let epochs = events.filter { $0.name == "epoch" }.map(\.data)
            #expect(epochs.map { $0["epoch"] } == [1, 2, 3, 4, 5, 6, 7, 8])
            #expect(epochs.last?["logs"]?["val_accuracy"]?.number == 1)
            let filters = try #require(events.last { $0.name == "filters" }).data
            #expect(filters["values"]?["shape"] == [4, 3, 3, 3])
            #expect(events.last?.data["state"] == "finished")
            try await checkModel(studio)
            try await checkRun(studio, runs)
        }
    }

    private func checkModel(_ studio: StudioClient) async throws {
        let models = try #require(try await studio.get("/api/models")["models"]).items
        #expect(models.map { $0["name"] } == ["training"])
        #expect(models[0]["classes"] == ["bright", "dark"])
        let bright = Tensor([UInt8](repeating: 210, count: 48), shape: [4, 4, 3])
        let answer = try await studio.post("/api/models/training/predict", png: bright)
        #expect(answer["best"] == 0)
        let path = FileManager.default.temporaryDirectory
            .appending(path: "strata-\(UUID().uuidString).keras").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(try await studio.bytes("/api/train/model.keras")).write(
            to: URL(filePath: path))
        #expect(try Model.load(path).classNames == ["bright", "dark"])
    }

    private func checkRun(_ studio: StudioClient, _ runs: String) async throws {
        let kept = try await studio.post("/api/train/keep", ["name": "first"])
        #expect(kept["run"] == "0001-pictures-first")
        try await studio.post("/api/train/keep", [:], status: .conflict)
        let list = try #require(try await studio.get("/api/runs")["runs"]).items
        #expect(list.map { $0["name"] } == ["0001-pictures-first"])
        #expect(list[0]["best"]?["quantity"] == "val_accuracy")
        let run = try await studio.get("/api/runs/0001-pictures-first")
        #expect(run["curves"]?["loss"]?["epochs"] == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(run["classes"]?["classes"]?.items.map { $0["name"] } == ["bright", "dark"])
        #expect(run["settings"]?["host"] == nil)
        let svg = try await studio.bytes("/api/runs/0001-pictures-first/files/confusion.svg")
        #expect(String(decoding: svg.prefix(4), as: UTF8.self) == "<svg")
        let comparison = try await studio.get(
            "/api/runs/compare?run=0001-pictures-first&run=0001-pictures-first")
        #expect(comparison["curves"]?["val_loss"]?.items.count == 2)
        #expect(comparison["differences"] == [])
        let model = try await studio.get("/api/models/run:0001-pictures-first")
        #expect(model["origin"] == "run")
    }

    @Test func aTrainingThatIsStoppedWhileItPreparesEndsWithoutANetwork() async throws {
        try await withStudio { studio, _, _ in
            // To draw the 24,000 pictures takes a thousand times as long as to ask for the end.
            let plan: JSONValue = ["dataset": "shapes", "blocks": Self.tiny, "epochs": 1]
            try await studio.post("/api/train/start", plan, status: .created)
            try await studio.post("/api/train/stop", [:], status: .accepted)
            let events = try await events(studio)
            #expect(events.map(\.name) == ["end"])
            let end = try #require(events.last).data
            #expect(end["state"] == "stopped" && end["model"] == .null && end["error"] == .null)
            #expect(try await studio.get("/api/train")["state"] == "stopped")
            try await studio.post("/api/train/keep", [:], status: .conflict)
        }
    }

    @Test func filesOfAFolderThatAreNotUsedAreTold() async throws {
        try await withStudio { studio, pictures, _ in
            let bright = URL(filePath: pictures).appending(path: "bright")
            try Data("a note".utf8).write(to: bright.appending(path: "möwe.txt"))
            try Data().write(to: bright.appending(path: "nothing.png"))
            let whole = try Data(contentsOf: bright.appending(path: "0.png"))
            try whole.dropLast(20).write(to: bright.appending(path: "a~möwe.png"))
            let plan = Self.plan(pictures, epochs: 2)
            try await studio.post("/api/train/start", plan, status: .created)
            let events = try await events(studio)
            #expect(events.last?.data["state"] == "finished")
            // Who reads along gets two, of which the later one is whole.
            let unused = try #require(events.last { $0.name == "unused" }).data
            let files = try #require(unused["files"]).items.compactMap(\.string)
            #expect(unused["count"] == 3 && files.count == 3)
            #expect(
                files.prefix(2) == [
                    "bright/möwe.txt: it is neither a PNG nor a JPEG file",
                    "bright/nothing.png: the file is empty",
                ])
            #expect(files.last?.hasPrefix("bright/a~möwe.png: ") == true, "\(files)")
        }
    }

    @Test func namesWithOtherLettersAreKept() async throws {
        try await withStudio { studio, pictures, runs in
            let folder = (pictures as NSString).deletingLastPathComponent + "/Möwen & a~b"
            for (old, new) in [("bright", "Möwe"), ("dark", "a~b")] {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true)
                try FileManager.default.moveItem(
                    atPath: "\(pictures)/\(old)", toPath: "\(folder)/\(new)")
            }
            try FileManager.default.moveItem(
                atPath: "\(folder)/Möwe/0.png", toPath: "\(folder)/Möwe/möwe~1.png")
            try await studio.post(
                "/api/train/start", Self.plan(folder, epochs: 1), status: .created)
            #expect(try await events(studio).last?.data["state"] == "finished")
            let kept = try await studio.post("/api/train/keep", ["name": "Grüße~1"])
            #expect(kept["run"] == "0001-Möwen---a-b-Grüße-1")
            let renamed = "50% Möwe~1, b"
            try FileManager.default.moveItem(
                atPath: "\(runs)/0001-Möwen---a-b-Grüße-1", toPath: "\(runs)/\(renamed)")
            // As the page writes names into addresses.
            var allowed = CharacterSet.alphanumerics.intersection(
                CharacterSet(charactersIn: "\0"..."~"))
            allowed.insert(charactersIn: "-_.!~*'()")
            let name = try #require(renamed.addingPercentEncoding(withAllowedCharacters: allowed))
            let run = try await studio.get("/api/runs/\(name)")
            #expect(run["classes"]?["classes"]?.items.map { $0["name"] } == ["Möwe", "a~b"])
            let model = try await studio.get("/api/models/run%3A\(name)")
            #expect(model["origin"] == "run")
            let comparison = try await studio.get("/api/runs/compare?run=\(name)&run=\(name)")
            #expect(comparison["runs"] == [.string(renamed), .string(renamed)])
        }
    }

    @Test func aTrainingThatDivergesFailsAndSaysWhy() async throws {
        try await withStudio { studio, pictures, _ in
            let plan = Self.plan(pictures, epochs: 8, learningRate: 1e30)
            try await studio.post("/api/train/start", plan, status: .created)
            let end = try #require(try await events(studio).last).data
            #expect(end["state"] == "failed" && end["model"] == .null)
            #expect(end["error"]?.string?.contains("smaller learning rate than 1e+30") == true)
            #expect(try await studio.get("/api/train")["error"] == end["error"])
            try await studio.post("/api/train/keep", [:], status: .conflict)
            try await studio.get("/api/models/training", status: .notFound)
        }
    }

    @Test func aSecondTrainingIsRefusedAndTheFirstStops() async throws {
        try await withStudio { studio, pictures, _ in
            let plan = Self.plan(pictures, epochs: 1000)
            try await studio.post("/api/train/start", plan, status: .created)
            let refused = try await studio.post("/api/train/start", plan, status: .conflict)
            #expect(refused["error"]?.string?.contains("training 1 (tiny net) is running") == true)
            try await studio.post("/api/train/stop", [:], status: .accepted)
            let events = try await events(studio)
            #expect(events.last?.data["state"] == "stopped")
            #expect(try await studio.get("/api/train")["state"] == "stopped")
            try await studio.post("/api/train/stop", [:], status: .conflict)
            // Another one may start now.
            let next = try await studio.post(
                "/api/train/start", Self.plan(pictures, epochs: 1), status: .created)
            #expect(next["training"] == 2)
            #expect(try await self.events(studio).last?.data["state"] == "finished")
        }
    }
}
#endif
