extension Model {
    /// What a class is called: `class 3` where the model holds no name for it.
    ///
    /// ```swift
    /// let classes = try model.predict(test.x).argMax().integers
    /// print(model.name(ofClass: classes[0]))  // Ankle boot
    /// ```
    public func name(ofClass index: Int) -> String {
        guard let classNames, classNames.indices.contains(index) else { return "class \(index)" }
        return classNames[index]
    }

    /// Takes over the names of the data that the model is trained on, if they are those of its outputs.
    func takeClassNames(_ names: [String]) {
        guard !names.isEmpty else { return }
        let widths = outputShapes.compactMap { $0.rank > 0 ? $0[$0.rank - 1] : nil }
        // A sequential model that is not built yet gets its outputs from the data.
        let fits =
            wiring == nil
            || widths.contains { $0 == names.count || $0 == 1 && names.count == 2 }
        if fits { knownClassNames = names }
    }
}
