#if Server
import Strata
import StrataVisualization

/// A run as the page shows it.
struct RunSummary {
    /// The pictures of a run's folder that the page shows.
    static let pictures = [
        "history.svg", "confusion.svg", "classes.svg", "mistakes.svg", "mistakes.png", "model.svg",
    ]

    let run: RunRecord

    /// For the list of runs.
    var members: [String: JSONValue] {
        let best = run.objective.flatMap { name in
            run.best(name).map { best -> JSONValue in
                [
                    "quantity": .string(name), "value": JSONValue(best.value),
                    "epoch": .integer(best.epoch),
                ]
            }
        }
        return [
            "name": .string(run.folder.name), "data": run.settings["data"] ?? .null,
            "network": run.settings["network"] ?? .null,
            "optimizer": run.settings["optimizer"] ?? .null,
            "learningRate": run.settings["learning_rate"] ?? .null,
            "started": run.settings["started"] ?? .null, "seconds": run.result["seconds"] ?? .null,
            "epochs": .integer(run.epochs.count), "plannedEpochs": run.settings["epochs"] ?? .null,
            "quantities": JSONValue(run.quantities), "best": best ?? .null,
            "files": JSONValue(Self.pictures.filter { has($0) }),
            "hasModel": .bool(has("model.keras")),
        ]
    }

    /// For one run.
    func details() throws -> JSONValue {
        var members = members
        // What the machine is called and where its files are is for those who sit at it.
        let hidden: Set = ["host", "command", "output"]
        members["settings"] = .object(run.settings.filter { !hidden.contains($0.key) })
        members["result"] = .object(run.result)
        members["classes"] = try classes()
        members["curves"] = .object(
            Dictionary(
                run.quantities.map { name in (name, curve(name)) }, uniquingKeysWith: { $1 }))
        return .object(members)
    }

    func curve(_ quantity: String) -> JSONValue { .object(points(quantity)) }

    func points(_ quantity: String) -> [String: JSONValue] {
        let values = run.values(quantity)
        return [
            "epochs": JSONValue(values.map(\.epoch)),
            "values": .array(values.map { JSONValue($0.value) }),
        ]
    }

    private func has(_ file: String) -> Bool { FileContents.size(of: run.folder.file(file)) != nil }

    private func classes() throws -> JSONValue {
        guard has("classes.json") else { return .null }
        let value = try JSONValue(inFile: FileContents.read(run.folder.file("classes.json")))
        guard case .object(var members) = value, case .array(let classes)? = members["classes"]
        else { return .null }
        members["classes"] = .array(
            classes.map { item in
                guard case .object(var item) = item else { return item }
                item["takenFor"] = item.removeValue(forKey: "taken_for")
                return .object(item)
            })
        return .object(members)
    }
}
#endif
