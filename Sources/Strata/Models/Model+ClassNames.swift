extension Model {
    /// The name of a class; `class 3` if the model has no name for it.
    ///
    /// ```swift
    /// let classes = try model.predict(test.x).argMax().integers
    /// print(model.name(ofClass: classes[0]))  // Ankle boot
    /// ```
    public func name(ofClass index: Int) -> String {
        guard let classNames, classNames.indices.contains(index) else { return "class \(index)" }
        return classNames[index]
    }

    /// Takes the class names of the training data, if their number matches the outputs.
    package func takeClassNames(_ names: [String]) {
        guard !names.isEmpty else { return }
        let widths = outputShapes.compactMap { $0.rank > 0 ? $0[$0.rank - 1] : nil }
        // A sequential model that is not built yet infers its outputs from the data.
        let fits =
            wiring == nil
            || widths.contains { $0 == names.count || $0 == 1 && names.count == 2 }
        if fits { knownClassNames = names }
    }
}
