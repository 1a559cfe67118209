#if Server
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Strata
import StrataServer

extension Studio {
    func addTrainingRoutes(to api: RouterGroup<ServerRequestContext>) {
        let train = api.group("train").add(middleware: TrainingSwitch(isOn: trains))
        train.get("options") { _, _ in Answer.json(Self.options) }
        train.get { _, _ in Answer.json(training.json) }
        train.post("check") { request, context in
            let plan = try await plan(Arguments(request, context))
            return Answer.json(NetworkCheck(plan).json)
        }
        train.post("source") { request, context in
            Answer.json(ProgramSources(plan: try await plan(Arguments(request, context))).json)
        }
        train.post("start") { request, context in
            let number = try training.start(try await plan(Arguments(request, context)))
            return Answer.json(["training": .integer(number)], status: .created)
        }
        train.post("stop") { _, _ in
            try training.stop()
            return Answer.json([:], status: .accepted)
        }
        train.post("keep") { request, context in
            let body = try await Arguments(request, context).object()
            return Answer.json([
                "run": .string(try await training.keep(name: try body.optionalString("name")))
            ])
        }
        train.get("model.keras") { _, _ in
            Answer.bytes(
                try await training.file(), type: "application/octet-stream",
                headers: [.contentDisposition: "attachment; filename=\"model.keras\""])
        }
        train.get("shapes.npz") { _, _ in
            Answer.bytes(
                try Self.shapes(), type: "application/octet-stream",
                headers: [.contentDisposition: "attachment; filename=\"shapes.npz\""])
        }
        train.get("events") { request, _ in
            try events(after: request.headers[.lastEventID].flatMap { Int($0) } ?? 0)
        }
    }

    private func plan(_ arguments: Arguments) async throws -> TrainingPlan {
        try TrainingPlan(try await arguments.object(), datasets: datasets)
    }

    private static var options: JSONValue {
        [
            "datasets": DatasetStore.json(onlyCached: true),
            "activations": JSONValue(NetworkBlock.activations.map(\.rawValue)),
            "paddings": JSONValue(NetworkBlock.paddings.map(\.rawValue)),
            "optimizers": JSONValue(TrainingOptimizer.allCases.map(\.rawValue)),
            "defaults": TrainingPlan.defaults,
            "limits": [
                "blocks": .integer(TrainingPlan.blockLimit),
                "epochs": .integer(TrainingPlan.epochRange.upperBound),
                "batchSize": .integer(TrainingPlan.batchRange.upperBound),
            ],
        ]
    }

    /// The set Shapes for programs in Python, as Keras's own sets are.
    private static func shapes() throws -> [UInt8] {
        let ((xTrain, yTrain), (xTest, yTest)) = try Shapes.loadData()
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("shapes-\(UUID().uuidString).npz").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Tensor.save(
            ["x_train": xTrain, "y_train": yTrain, "x_test": xTest, "y_test": yTest], to: path)
        return try FileContents.read(path)
    }

    /// A stream of server-sent events, which ends with the training.
    private func events(after id: Int) throws -> Response {
        let log = try training.log()
        let body = ResponseBody { writer in
            let (changes, wake) = log.changes()
            // A line now and then shows that the connection is alive, and finds out if it is not.
            let beat = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(10))
                    wake.yield()
                }
            }
            defer {
                beat.cancel()
                wake.finish()
            }
            var last = id
            // A reader would hold up the end of the server until the training ends.
            try await withGracefulShutdownHandler {
                for await _ in changes {
                    let (events, isOver) = log.events(after: last)
                    last = events.last?.id ?? last
                    let text = events.isEmpty ? ": still here\n\n" : events.map(\.text).joined()
                    try await writer.write(ByteBuffer(string: text))
                    if isOver { break }
                }
            } onGracefulShutdown: {
                wake.finish()
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
}

extension HTTPField.Name {
    /// `Last-Event-ID`, with which a reader continues.
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .eTag
}

/// Refuses everything about training unless it was asked for.
private struct TrainingSwitch: RouterMiddleware {
    let isOn: Bool

    func handle(
        _ request: Request, context: ServerRequestContext,
        next: (Request, ServerRequestContext) async throws -> Response
    ) async throws -> Response {
        guard isOn else {
            throw StudioError(
                .forbidden,
                "training is off; start the server on this machine with strata serve --studio")
        }
        return try await next(request, context)
    }
}
#endif
