internal import StrataGraph

/// What the ranks that train one model have in common while they train.
///
/// All ranks make the same calls in the same order.
final class RankSession {
    let distribution: Distribution
    /// Whether all ranks have rank 0's variables.
    private(set) var isAgreed = false
    /// Whether rank 0 has callbacks that may change something at a batch.
    var callbacksActOnBatches = false
    /// Whether training is to end, as all ranks know it.
    private(set) var isStopping = false
    /// Whether rank 0 does something that the others wait for.
    private(set) var isDeciding = false
    /// Whether all ranks have the error with which this one is about to end.
    private var isErrorOfAll = false

    init(_ distribution: Distribution) {
        self.distribution = distribution
    }

    private var group: any RankGroup { distribution.group }

    /// Whether this is rank 0, which decides.
    var isFirst: Bool { distribution.rank == 0 }

    // MARK: Decisions

    /// Does at rank 0 what may change the model, and gives the others the result: the variables that
    /// have changed, whether training is to stop, and some facts.
    ///
    /// - Parameters:
    ///   - sendsAll: whether all variables are sent.
    ///   - body: called at rank 0 only.
    /// - Returns: rank 0's facts.
    @discardableResult
    func decide(
        for model: Model, sendsAll: Bool = false, _ body: () throws -> [String: JSONValue]
    ) throws -> [String: JSONValue] {
        let variables = model.sharedVariables
        guard isFirst else { return try follow(model, variables) }
        let versions = variables.map { sendsAll ? -1 : $0.version }
        isDeciding = true
        group.setBusy(true)
        defer {
            isDeciding = false
            group.setBusy(false)
        }
        var facts = try body()
        var changed: [String: Tensor] = [:]
        for (index, variable) in variables.enumerated()
        where variable.version != versions[index] {
            changed["\(index)"] = try variable.value
        }
        isStopping = isStopping || model.stopRequest.isSet
        facts["stop"] = .bool(isStopping)
        facts["interruption"] = .bool(model.stopRequest.isInterruption)
        facts["variables"] = .integer(variables.count)
        facts["trainable"] = .integer(model.trainableWeights.count)
        _ = try group.broadcast(
            Safetensors(changed, metadata: ["facts": JSONValue.object(facts).text]).bytes)
        return facts
    }

    private func follow(_ model: Model, _ variables: [Variable]) throws -> [String: JSONValue] {
        let message = try Safetensors(bytes: try group.broadcast([]))
        guard
            case .object(let facts) = try JSONValue(
                inFile: Array((message.metadata["facts"] ?? "").utf8)),
            facts["variables"] == .integer(variables.count),
            facts["trainable"] == .integer(model.trainableWeights.count)
        else {
            throw disagreement(
                "has other variables or trainable layers than rank 0", rank: distribution.rank)
        }
        for (index, variable) in variables.enumerated() {
            guard let value = message.tensors["\(index)"] else { continue }
            guard value.shape == variable.shape else {
                throw disagreement(
                    "has \(variable), where rank 0 has \(Shape(value.shape))",
                    rank: distribution.rank)
            }
            try variable.assign(value)
        }
        if facts["stop"] == true {
            isStopping = true
            model.stopRequest.set(isInterruption: facts["interruption"] == true)
        }
        return facts
    }

    /// Does at rank 0 alone what comes after training was abandoned; the ranks agree again before the
    /// next step.
    func alone(_ body: () -> Void) {
        isDeciding = true
        body()
        (isDeciding, isAgreed) = (false, false)
    }

    /// Starts training or evaluation.
    ///
    /// - Parameter callbacks: those of this rank.
    func start(_ model: Model, _ callbacks: CallbackList) throws {
        isStopping = false
        let facts = try decide(for: model) { ["acts": .bool(callbacks.actsOnBatches)] }
        callbacksActOnBatches = facts["acts"] == true
    }

    /// Runs a step, in which the ranks also tell each other whether one of them is to stop.
    func run(_ runner: StepRunner, of model: Model) throws {
        do {
            try runner.run()
        } catch {
            throw group.failure ?? error
        }
        if let index = model.compilation?.trackers?.count, runner.scalar(index) > 0 {
            isStopping = true
            model.stopRequest.set()
        }
    }

    /// The error with which this rank ends, after the others know of it.
    func ended(by error: any Error) -> any Error {
        if let failure = group.failure { return failure }
        if isErrorOfAll {
            isErrorOfAll = false
            group.leave()
        } else {
            let text = error is CancellationError ? "its task was cancelled" : "\(error)"
            group.abandon(text.split(separator: "\n").first.map(String.init) ?? text)
        }
        return error
    }

    // MARK: Agreement

    /// Gives all ranks rank 0's random seeds.
    func shareSeeds(of model: Model, _ sources: inout [any EpochSource]) throws {
        isStopping = false
        if SeedStream.current.position.seed == nil { _ = SeedStream.current.next() }
        let position = SeedStream.current.position
        let layers = model.randomLayers
        let own =
            [position.seed ?? 0, position.drawn] + layers.map(\.stream)
            + sources.flatMap(\.seeds)
        let bytes = own.flatMap { number in withUnsafeBytes(of: number.littleEndian, Array.init) }
        let received = try group.broadcast(bytes)
        guard received.count == bytes.count else {
            throw disagreement("has other layers or data than rank 0", rank: distribution.rank)
        }
        var seeds = stride(from: 0, to: received.count, by: 8).map { start in
            received[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }[...]
        SeedStream.current.position = SeedStream.Position(
            seed: seeds.removeFirst(), drawn: seeds.removeFirst())
        for layer in layers {
            let seed = seeds.removeFirst()
            if layer.stream == seed { continue }
            layer.stream = seed
            model.runners.removeAll()
        }
        for index in sources.indices {
            let count = sources[index].seeds.count
            sources[index].seeds = Array(seeds.prefix(count))
            seeds = seeds.dropFirst(count)
        }
    }

    /// Checks that all ranks train the same, and gives all of them rank 0's variables.
    ///
    /// - Parameter data: a digest of the data.
    func agree(_ model: Model, on data: String) throws {
        let own: [JSONValue] = [
            .string(strataVersion), .string(Digest.of(model.serialized.json.text)),
            .string(
                Digest.of(
                    model.compilation?.serialized(learningRate: nil, names: model.outputNames).text
                        ?? "")),
            .string(data), .string(distribution.wire.rawValue),
        ]
        let what = [
            "another version of Strata", "another model", "another optimizer, loss or metric",
            "other data", "another type of gradients on the wire",
        ]
        let all = try group.gather(Array(JSONValue.array(own).text.utf8))
        for (rank, bytes) in all.enumerated() where bytes != all[0] {
            let (theirs, first) = (try JSONValue(inFile: bytes), try JSONValue(inFile: all[0]))
            guard case .array(let theirs) = theirs, case .array(let first) = first else { continue }
            isErrorOfAll = true
            let index = zip(theirs, first).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
            throw disagreement("has \(what[index]) than rank 0", rank: rank)
        }
        try decide(for: model, sendsAll: true) { [:] }
        isAgreed = true
    }

    private func disagreement(_ fact: String, rank: Int) -> DistributionError {
        let host = distribution.hosts.indices.contains(rank) ? distribution.hosts[rank] : "?"
        return DistributionError(
            "rank \(rank) on host \(host) \(fact)",
            fix: "start all ranks from the same program, with the same arguments and files")
    }
}

extension RankShare {
    /// Gives a step what its ``GlobalBatch`` reads.
    func feed(_ runner: StepRunner, isInterrupted: Bool) {
        let numbers: [(name: String, value: Tensor)] = [
            (GlobalBatch.countName, Tensor(Float(count))),
            (GlobalBatch.firstRowName, Tensor([Int32(rows.lowerBound)], shape: [])),
            (GlobalBatch.presenceName, Tensor(isPresent ? 1 : 0)),
            (GlobalBatch.interruptionName, Tensor(isInterrupted ? 1 : 0)),
        ]
        for (name, value) in numbers {
            if let index = runner.inputIndex(name) { runner.feed(index, value) }
        }
    }
}
