#if Server
import Strata

extension ServedModel {
    /// Answers a request: finds the inputs by name, checks them against the model, predicts, and
    /// picks the outputs.
    ///
    /// - Parameter maxPixels: pixels that pictures among the inputs may have in all.
    /// - Throws: a ``ServingError``; `CancellationError` if the task was cancelled.
    package func respond(
        to request: InferenceRequest, maxPixels: Int = InferenceServer.Settings().maxPixels
    ) async throws -> InferenceResponse {
        // A misspelled output is found before the model computes.
        let wanted = try requestedOutputs(request)
        let x = try tensors(request.inputs, maxPixels: maxPixels)
        let results = try await results(of: x, timeout: try request.timeout)
        let outputs = try wanted.map { index, classes in
            let name = predictor.outputs[index].name
            guard let classes else { return InferenceTensor(name: name, results[index]) }
            return try classification(results[index], name: name, count: classes)
        }
        return InferenceResponse(
            modelName: name, modelVersion: version, id: request.id, outputs: outputs)
    }

    /// Predicts; what the model says about its data becomes an error of the request.
    func results(of x: [Tensor], timeout: Duration? = nil) async throws -> [Tensor] {
        do {
            return try await infer(x, timeout: timeout)
        } catch let error as ModelError {
            throw ServingError(error)
        } catch let error as GraphError {
            throw ServingError(error)
        }
    }

    /// The outputs of a request by their index, with the number of classes where they are to be
    /// classified.
    private func requestedOutputs(
        _ request: InferenceRequest
    ) throws(ServingError) -> [(index: Int, classes: Int?)] {
        if request.outputs.isEmpty { return predictor.outputs.indices.map { ($0, nil) } }
        var wanted: [(index: Int, classes: Int?)] = []
        for output in request.outputs {
            guard let index = predictor.outputs.firstIndex(where: { $0.name == output.name })
            else {
                throw ServingError(
                    .invalidArgument,
                    "model \(name) has no output \(quoted(output.name)); its outputs are "
                        + outputs.map(\.text).joined(separator: ", "))
            }
            guard !wanted.contains(where: { $0.index == index }) else {
                throw ServingError(
                    .invalidArgument, "output \(quoted(output.name)) is requested twice")
            }
            wanted.append((index, try output.classificationCount))
        }
        return wanted
    }

    /// The tensors of a request in the model's order and types.
    private func tensors(
        _ inputs: [InferenceTensor], maxPixels: Int
    ) throws(ServingError) -> [Tensor] {
        for (index, input) in inputs.enumerated() {
            guard predictor.inputs.contains(where: { $0.name == input.name }) else {
                throw ServingError(
                    .invalidArgument,
                    "model \(name) has no input \(quoted(input.name)); \(takes)")
            }
            guard !inputs[..<index].contains(where: { $0.name == input.name }) else {
                throw ServingError(
                    .invalidArgument, "input \(quoted(input.name)) was given twice; \(takes)")
            }
        }
        var tensors: [Tensor] = []
        for description in predictor.inputs {
            guard let input = inputs.first(where: { $0.name == description.name }) else {
                throw ServingError(
                    .invalidArgument, "input \(quoted(description.name)) is missing; \(takes)")
            }
            tensors.append(try tensor(input, description, maxPixels: maxPixels))
        }
        try checkCounts(tensors)
        return tensors
    }

    private func tensor(
        _ input: InferenceTensor, _ description: Predictor.TensorDescription, maxPixels: Int
    ) throws(ServingError) -> Tensor {
        if case .bytes(let files) = input.contents {
            return try pictures(files, input, description, maxPixels: maxPixels)
        }
        let (got, expected) = (input.shape, description.shape.dimensions)
        let fits =
            got.count == expected.count
            && zip(got, expected).dropFirst().allSatisfy { $1 == nil || $0 == $1 }
        guard fits else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(input.name)) has shape \(got), but model \(name) takes "
                    + "\(expected.map { $0 ?? -1 }); resize or reshape the data")
        }
        return try input.tensor(as: description.dtype)
    }

    /// Pictures as `BYTES`, one a sample.
    private func pictures(
        _ files: [[UInt8]], _ input: InferenceTensor, _ description: Predictor.TensorDescription,
        maxPixels: Int
    ) throws(ServingError) -> Tensor {
        guard input.shape == [files.count] || input.shape == [files.count, 1] else {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(input.name)) has shape \(input.shape), but pictures as BYTES have "
                    + "shape [count]")
        }
        let named = try files.enumerated().map { index, element throws(ServingError) in
            let name = "picture \(index) of input \(quoted(input.name))"
            return (name, try PictureInput.bytes(element, name: name))
        }
        return try PictureInput(description: description, maxPixels: maxPixels).tensor(named)
    }

    private func checkCounts(_ tensors: [Tensor]) throws(ServingError) {
        let counts = tensors.map { $0.shape.first ?? 0 }
        guard let first = counts.first, first > 0 else {
            throw ServingError(.invalidArgument, "the inputs have no samples; give at least one")
        }
        if let other = counts.firstIndex(where: { $0 != first }) {
            throw ServingError(
                .invalidArgument,
                "input \(quoted(predictor.inputs[0].name)) has \(first) samples, but input "
                    + "\(quoted(predictor.inputs[other].name)) has \(counts[other]); "
                    + "give as many for each")
        }
    }

    /// `model fashion takes image FP32 [-1, 28, 28, 1]`.
    private var takes: String {
        "model \(name) takes \(inputs.map(\.text).joined(separator: " and "))"
    }
}

extension InferenceRequest {
    /// How long the request may wait, if it says so.
    fileprivate var timeout: Duration? {
        get throws(ServingError) {
            guard let value = parameters["timeout"] else { return nil }
            guard case .integer(let microseconds) = value, microseconds >= 0 else {
                throw ServingError(
                    .invalidArgument,
                    "the parameter timeout is a number of microseconds, 0 or more")
            }
            // 0 is no timeout of its own, as in Triton.
            return microseconds == 0 ? nil : .microseconds(microseconds)
        }
    }
}

extension RequestedOutput {
    /// How many classes to answer as texts.
    fileprivate var classificationCount: Int? {
        get throws(ServingError) {
            guard let value = parameters["classification"] else { return nil }
            guard case .integer(let count) = value, count >= 0, let count = Int(exactly: count)
            else {
                throw ServingError(
                    .invalidArgument,
                    "the parameter classification of output \(quoted(name)) is a number of classes")
            }
            // 0 is a plain tensor, as in Triton.
            return count == 0 ? nil : count
        }
    }
}
#endif
