import Strata

/// The arguments of one of Keras's functions, or of a class that no file holds, beside ours.
struct KerasArguments {
    /// What is called otherwise here, since Swift names by what something is at the place of the call.
    private static let spellings: [String: [String]] = [
        "filepath": ["path", "to", "from"], "to_file": ["to"], "filename": ["path"],
        "validation_freq": ["validationFrequency"], "histogram_freq": ["histogramFrequency"],
        "update_freq": ["updateFrequency"], "save_freq": ["saveFrequency"],
        "write_graph": ["writesGraph"], "write_images": ["writesImages"],
        "write_steps_per_second": ["writesStepsPerSecond"], "verbose": ["isVerbose"],
        "rankdir": ["direction"], "x": ["image"], "directory": ["fromDirectory"],
        "compile": ["compiled"],
        "raise_error": ["raisesError"], "keepdims": ["keepDimensions"],
        "delete_checkpoint": ["deletesCheckpoint"], "double_checkpoint": ["keepsTwo"],
        "indices_or_sections": ["indices", "sections"],
    ]

    /// What Keras takes when it is given nothing, or names by another word.
    private static let meanings: [String: [JSONValue]] = [
        "batch_size": [32], "mode": ["automatic"], "verbose": ["automatic", false],
        "optimizer": ["rmsprop"], "constant_values": [0],
        "rankdir": ["top_to_bottom"],
    ]

    /// What cannot be left out in Keras either, though its signature has a default.
    private static let needed: Set = ["x", "y", "x1", "x2", "loss", "index", "optimizer"]

    /// Why an argument is not here, or what stands in its place.
    private static let reasons: [String: String] = [
        "run_eagerly": "a model is always a plan", "jit_compile": "a model is always a plan",
        "steps_per_execution": "nothing is interpreted between steps",
        "auto_scale_loss": "wrap the optimizer in `LossScaleOptimizer`",
        "return_dict": "always true", "zipped": "always true",
        "print_fn": "the text is returned", "positions": "as if left out",
        "export.format": "ONNX alone", "input_signature": "follows from the model",
        "profile_batch": "`profile` measures a step",
        "embeddings_freq": "not written", "embeddings_metadata": "not written",
        "weights": "the path of a file; nothing is downloaded",
        "safe_mode": "always true", "custom_objects": "`registerLayer` and its like",
        "synchronized": "there is one device", "sparse": "there are no sparse tensors",
        "num": "the length of the axis", "data_format": "channels last", "file_format": "PNG alone",
        "scale": "give `uint8`",
        "save_img.path": "the bytes are returned", "target_size": "then `resized(to:)`",
        "load_img.color_mode": "then `converted(to:)`",
        "input_tensor": "call the model on the tensor",
    ]

    let symbol: KerasSurface.Symbol
    let overloads: [[SwiftParameter]]

    /// What differs, in Keras's order: arguments that are not here, and defaults.
    var differences: [String] {
        symbol.arguments.enumerated().compactMap { index, argument in
            // What a method is called on.
            if argument == "model" { return nil }
            let ours = overloads.compactMap { parameters in
                parameters.first { $0.isCalled(names(argument)) }
                    ?? parameters.dropFirst(index).first.flatMap { $0.isUnlabelled ? $0 : nil }
            }
            let known = Self.reasons["\(symbol.name).\(argument)"] ?? Self.reasons[argument]
            let reason = known.map { ": \($0)" } ?? ""
            if ours.isEmpty { return "no `\(argument)`\(reason)" }
            guard let expected = symbol.defaults[argument],
                !ours.contains(where: { isDefault($0, expected, argument) })
            else { return nil }
            guard let found = ours.first?.defaultText else { return "`\(argument)` is needed" }
            return "`\(argument)` is `\(found)` if left out\(reason)"
        }
    }

    private func names(_ argument: String) -> [String] {
        [argument] + (Self.spellings[argument] ?? [])
    }

    private func isDefault(
        _ parameter: SwiftParameter, _ expected: JSONValue, _ argument: String
    ) -> Bool {
        guard parameter.defaultText != nil else { return Self.needed.contains(argument) }
        // An object is compared by the tests of what takes it.
        guard let value = parameter.defaultValue else { return true }
        return ([expected] + (Self.meanings[argument] ?? [])).contains {
            $0.inFloat32 == value.inFloat32
        }
    }
}
