internal import Strata

/// A line of the journal: what a worker did, and when.
struct JournalEntry: Hashable {
    /// Seconds since 1970.
    let time: Double
    /// The name of the worker, unique in the search.
    let worker: String
    let event: Event

    enum Event: Hashable {
        /// The search began; the settings that may not change.
        case search([String: JSONValue])
        /// A worker joined.
        case join
        /// The quantity to improve, chosen from the first logs.
        case objective(String, ObjectiveDirection)
        /// A new trial, drawn and trained by this worker.
        case trial(Int, bracket: Int, epochs: Int)
        /// The last trial was not to be: no new values were found for it.
        case withdrawal(Int)
        /// The hyperparameters of a trial.
        case values(Int, [HyperParameter], [String: HyperParameterValue])
        /// A worker trains a trial further.
        case resume(Int, epochs: Int)
        /// The end of an epoch, counted from 1.
        case epoch(Int, epoch: Int, objective: Float, seconds: Double)
        /// A trial's new status.
        case status(Int, Trial.Status)
    }
}

extension JournalEntry {
    /// The entry as a line of the journal.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "time": .number((time * 1000).rounded() / 1000), "worker": .string(worker),
        ]
        switch event {
        case .search(let settings):
            members["event"] = "search"
            members["settings"] = .object(settings)
        case .join: members["event"] = "join"
        case .objective(let name, let direction):
            members["event"] = "objective"
            members["objective"] = .string(name)
            members["direction"] = .string(direction.rawValue)
        case .trial(let number, let bracket, let epochs):
            members["event"] = "trial"
            members["trial"] = .integer(number)
            members["bracket"] = .integer(bracket)
            members["epochs"] = .integer(epochs)
        case .withdrawal(let number):
            members["event"] = "withdrawal"
            members["trial"] = .integer(number)
        case .values(let number, let parameters, let values):
            members["event"] = "values"
            members["trial"] = .integer(number)
            members["hyperparameters"] = .array(
                parameters.map { parameter in
                    [
                        "name": .string(parameter.name), "domain": parameter.domain.json,
                        "value": values[parameter.name]?.json ?? .null,
                    ]
                })
        case .resume(let number, let epochs):
            members["event"] = "resume"
            members["trial"] = .integer(number)
            members["epochs"] = .integer(epochs)
        case .epoch(let number, let epoch, let objective, let seconds):
            members["event"] = "epoch"
            members["trial"] = .integer(number)
            members["epoch"] = .integer(epoch)
            members["objective"] = .float(objective)
            members["seconds"] = .number(seconds)
        case .status(let number, let status):
            members["event"] = "status"
            members["trial"] = .integer(number)
            members["status"] = .string(status.name)
            if let reason = status.reason { members["reason"] = .string(reason) }
        }
        return .object(members)
    }

    /// - Throws: a `FileError` without a path for a line that is no entry.
    init(json: JSONValue) throws(FileError) {
        guard let time = json["time"]?.double, case .string(let worker)? = json["worker"],
            case .string(let name)? = json["event"], let event = Self.event(name, json)
        else { throw FileError("is not an entry of a search's journal") }
        self.init(time: time, worker: worker, event: event)
    }

    private static func event(_ name: String, _ json: JSONValue) -> Event? {
        let number: Int? = if case .integer(let number)? = json["trial"] { number } else { nil }
        let epochs: Int? = if case .integer(let epochs)? = json["epochs"] { epochs } else { nil }
        switch name {
        case "search":
            guard case .object(let settings)? = json["settings"] else { return nil }
            return .search(settings)
        case "join": return .join
        case "objective":
            guard case .string(let objective)? = json["objective"],
                let direction = json["direction"]?.text(ObjectiveDirection.init(rawValue:))
            else { return nil }
            return .objective(objective, direction)
        case "trial":
            guard let number, let epochs, case .integer(let bracket)? = json["bracket"] else {
                return nil
            }
            return .trial(number, bracket: bracket, epochs: epochs)
        case "withdrawal": return number.map { .withdrawal($0) }
        case "values": return number.flatMap { values($0, json) }
        case "resume":
            guard let number, let epochs else { return nil }
            return .resume(number, epochs: epochs)
        case "epoch":
            guard let number, case .integer(let epoch)? = json["epoch"],
                let seconds = json["seconds"]?.double
            else { return nil }
            return .epoch(
                number, epoch: epoch, objective: Float(json["objective"]?.double ?? .nan),
                seconds: seconds)
        case "status":
            guard let number, let status = Trial.Status(json) else { return nil }
            return .status(number, status)
        default: return nil
        }
    }

    private static func values(_ number: Int, _ json: JSONValue) -> Event? {
        guard case .array(let list)? = json["hyperparameters"] else { return nil }
        var (parameters, values): ([HyperParameter], [String: HyperParameterValue]) = ([], [:])
        for member in list {
            guard case .string(let name)? = member["name"],
                let json = member["domain"],
                let domain = try? HyperParameterReader(name: name).domain(json)
            else { return nil }
            let parameter = HyperParameter(name: name, domain: domain)
            parameters.append(parameter)
            values[name] = member["value"].flatMap { HyperParameterValue(json: $0) }
                .flatMap { try? parameter.checked($0) }
        }
        return .values(number, parameters, values)
    }
}

extension Trial.Status {
    fileprivate init?(_ json: JSONValue) {
        guard case .string(let name)? = json["status"] else { return nil }
        let reason = json["reason"]?.text { $0 } ?? ""
        switch name {
        case "running": self = .running
        case "paused": self = .paused
        case "completed": self = .completed
        case "stopped": self = .stopped(reason)
        case "infeasible": self = .infeasible(reason)
        case "diverged": self = .diverged(reason)
        case "failed": self = .failed(reason)
        default: return nil
        }
    }
}
