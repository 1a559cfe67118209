extension Model {
    /// The model as a table: layers, the shapes that they make, and how many weights they have.
    ///
    /// - Parameter lineLength: how many characters a line may take, 40 or more.
    /// - Returns: the text, in the form of Keras 3.15.1's `summary`.
    public func summary(lineLength: Int = 80) -> String {
        let isChain = wiring.map { self.isChain($0) } ?? true
        var columns = ["Layer (type)", "Output Shape", "Param #"]
        if !isChain { columns.append("Connected to") }
        // The widths of Keras's columns in a line of 80 characters.
        let parts = isChain ? [33, 24, 15] : [21, 19, 12, 19]
        let free = max(lineLength, 40) - 4 - columns.count - 1
        var widths = parts.dropLast().map { free * $0 / parts.reduce(0, +) }
        widths.append(free - widths.reduce(0, +))
        var table = TextTable(columns: columns, widths: widths, rightAligned: 2)
        for layer in layers {
            var cells = [
                "\(layer.name) (\(type(of: layer).className))", outputText(of: layer),
                layer.builtShapes == nil && !(layer is InputLayer)
                    ? "0 (unbuilt)" : decimal(layer.countParams()),
            ]
            if !isChain { cells.append(sources(of: layer)) }
            table.append(cells)
        }
        return (["Model: \"\(name)\"", table.description] + totals()).joined(separator: "\n")
    }

    private func isChain(_ wiring: Wiring) -> Bool {
        var seen: Set<ObjectIdentifier> = []
        return self is Sequential
            || wiring.inputs.count == 1 && wiring.outputs.count == 1
                && wiring.steps.allSatisfy { step in
                    guard case .call(let call) = step else { return false }
                    return call.inputs.count == 1
                        && seen.insert(ObjectIdentifier(call.layer)).inserted
                }
                && Set(
                    wiring.steps.compactMap { $0.inputs.first?.producer }.map {
                        ObjectIdentifier($0)
                    }
                ).count == wiring.steps.count
    }

    private func calls(of layer: Layer) -> [LayerCall] {
        if layer is InputLayer {
            return inputs.compactMap { $0.producer as? LayerCall }.filter { $0.layer === layer }
        }
        return (wiring?.steps ?? []).compactMap { step in
            guard case .call(let call) = step, call.layer === layer else { return nil }
            return call
        }
    }

    private func outputText(of layer: Layer) -> String {
        var texts: [String] = []
        for call in calls(of: layer) {
            let shapes = call.outputs.map { kerasText($0.shape) }
            let text = shapes.count == 1 ? shapes[0] : "[\(shapes.joined(separator: ", "))]"
            if !texts.contains(text) { texts.append(text) }
        }
        return texts.isEmpty ? "?" : texts.joined(separator: ", ")
    }

    private func kerasText(_ shape: Shape) -> String {
        let dimensions = shape.dimensions.map { $0.map(String.init) ?? "None" }
        return "(" + dimensions.joined(separator: ", ") + (dimensions.count == 1 ? ",)" : ")")
    }

    private func sources(of layer: Layer) -> String {
        let all = calls(of: layer).flatMap { call in
            call.inputs.compactMap { input -> String? in
                guard let source = input.producer as? LayerCall else { return nil }
                return "\(source.layer.name)[\(source.index)][\(input.producerOutput)]"
            }
        }
        return all.isEmpty ? "-" : all.joined(separator: ", ")
    }

    private func totals() -> [String] {
        let trainable = trainableWeights
        let other = nonTrainableWeights
        var lines = [
            line("Total params", weights, optimizerVariables),
            line("Trainable params", trainable, []),
            line("Non-trainable params", other, []),
        ]
        if !optimizerVariables.isEmpty {
            lines.append(line("Optimizer params", optimizerVariables, []))
        }
        return lines
    }

    private func line(_ title: String, _ variables: [Variable], _ more: [Variable]) -> String {
        let all = variables + more
        let count = all.reduce(0) { $0 + $1.shape.reduce(1, *) }
        let bytes = all.reduce(0) { $0 + $1.shape.reduce(1, *) * $1.dtype.byteCount }
        return " \(title): \(decimal(count)) (\(byteText(bytes)))"
    }

    /// 1,234,567.
    private func decimal(_ number: Int) -> String {
        var digits = Array("\(number)")
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }

    private func byteText(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["B", "KB", "MB", "GB"] {
            if value < 1024 || unit == "GB" { return "\(hundredths(value)) \(unit)" }
            value /= 1024
        }
        return ""
    }

    private func hundredths(_ value: Double) -> String {
        let scaled = Int((value * 100).rounded(.toNearestOrEven))
        let rest = scaled % 100
        return "\(scaled / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
