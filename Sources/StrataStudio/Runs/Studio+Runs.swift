#if Server
import HTTPTypes
import Hummingbird
import Strata
import StrataServer
import StrataVisualization

extension Studio {
    func addRunRoutes(to api: RouterGroup<ServerRequestContext>) {
        api.get("runs") { _, _ in
            Answer.json([
                "runs": .array(runs.all().map { .object(RunSummary(run: $0).members) })
            ])
        }
        api.get("runs/compare") { request, context in
            let names = try Arguments(request, context).requiredTexts("run")
            guard names.count <= 32 else {
                throw StudioError(.badRequest, "\(names.count) runs are named; name up to 32")
            }
            return Answer.json(comparison(try names.map { try runs.record($0) }))
        }
        api.get("runs/{run}") { request, context in
            let record = try runs.record(try Arguments(request, context).name("run"))
            return Answer.json(try RunSummary(run: record).details())
        }
        api.get("runs/{run}/files/{file}") { request, context in
            let arguments = Arguments(request, context)
            let folder = try runs.folder(try arguments.name("run"))
            let file = try arguments.name("file")
            guard RunSummary.pictures.contains(file),
                FileContents.size(of: folder.file(file)) != nil
            else { throw StudioError(.notFound, "the run \(folder.name) has no picture \(file)") }
            return Answer.bytes(
                try FileContents.read(folder.file(file)),
                type: file.hasSuffix(".svg") ? "image/svg+xml" : "image/png",
                headers: [
                    .contentSecurityPolicy:
                        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
                    .xContentTypeOptions: "nosniff",
                ])
        }
    }

    private func comparison(_ records: [RunRecord]) -> JSONValue {
        let names = Set(records.flatMap(\.quantities))
        let curves = names.map { name -> (String, JSONValue) in
            let lines = records.filter { $0.quantities.contains(name) }.map { run -> JSONValue in
                .object(
                    RunSummary(run: run).points(name).merging([
                        "run": .string(run.folder.name)
                    ]) { $1 })
            }
            return (name, .array(lines))
        }
        return [
            "runs": JSONValue(records.map(\.folder.name)),
            "quantities": JSONValue(RunRecord.ordered(names)),
            "curves": .object(Dictionary(curves, uniquingKeysWith: { $1 })),
            "differences": .array(
                RunComparison(records).differingSettings.map { name, values in
                    ["setting": .string(name), "values": JSONValue(values)]
                }),
        ]
    }
}
#endif
